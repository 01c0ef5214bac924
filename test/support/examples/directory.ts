import { created, enabled } from '#test/directory/calls.ts';
import type { ProductExamples } from '#test/support/examples.ts';

export const directory: ProductExamples = {
  CreateResourceAccount: {
    example: async (estate) => {
      const { parent: by } = await enabled(estate);
      return { by, params: { DisplayName: 'Dev', AccountNamePrefix: 'alice', PayerAccountId: by.uid } };
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
