import { ASK_AGAIN_MS, asked, promoting } from '#test/directory/asking.ts';
import { created, enabled } from '#test/directory/calls.ts';
import type { ProductExamples } from '#test/support/examples.ts';

export const directory: ProductExamples = {
  CreateResourceAccount: {
    example: async (estate) => {
      const { parent: by } = await enabled(estate);
      return { by, params: { DisplayName: 'Dev', AccountNamePrefix: 'alice', PayerAccountId: by.uid } };
    },
  },
  CancelCreateCloudAccount: {
    example: async (estate) => ({
      by: estate.parent,
      params: { RecordId: (await asked(await enabled(estate))).RecordId },
    }),
  },
  CancelPromoteResourceAccount: {
    example: async (estate) => ({
      by: estate.parent,
      params: { RecordId: (await promoting(await enabled(estate))).RecordId },
    }),
  },
  CreateCloudAccount: {
    example: async (estate) => {
      const { parent: by } = await enabled(estate);
      return { by, params: { DisplayName: 'Dev', Email: 'dev@example.com' } };
    },
    further: [
      async (estate) => {
        const { parent: by } = await enabled(estate);
        const params = { DisplayName: 'Dev', Email: 'dev@example.com', PayerAccountId: by.uid };
        return { by, params };
      },
    ],
  },
  PromoteResourceAccount: {
    example: async (estate) => {
      const { parent: by } = await enabled(estate);
      const { AccountId } = await created(estate, 'Dev');
      return { by, params: { AccountId, Email: 'dev@example.com' } };
    },
  },
  ResendCreateCloudAccountEmail: {
    example: async (estate) => {
      const { RecordId } = await asked(await enabled(estate));
      estate.advance(ASK_AGAIN_MS);
      return { by: estate.parent, params: { RecordId } };
    },
  },
  ResendPromoteResourceAccountEmail: {
    example: async (estate) => {
      const { RecordId } = await promoting(await enabled(estate));
      estate.advance(ASK_AGAIN_MS);
      return { by: estate.parent, params: { RecordId } };
    },
  },
  GetAccount: {
    example: async (estate) => {
      const { parent: by } = await enabled(estate);
      const { AccountId } = await created(estate, 'Dev');
      return { by, params: { AccountId } };
    },
  },
  InitResourceDirectory: {
    example: async ({ parent: by }) => ({ by, params: {} }),
  },
};
