import { created, enabled } from '#test/directory/calls.ts';
import { cloudMember, newFolder } from '#test/directory/members.ts';
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
  GetPayerForAccount: {
    example: async (estate) => {
      const { parent: by } = await enabled(estate);
      const { AccountId } = await created(estate, 'Dev', { PayerAccountId: by.uid });
      return { by, params: { AccountId } };
    },
  },
  InitResourceDirectory: {
    example: async ({ parent: by }) => ({ by, params: {} }),
  },
  ListAccounts: {
    example: async (estate) => {
      const { parent: by } = await enabled(estate);
      await created(estate, 'Dev');
      return { by, params: { PageSize: 5 } };
    },
    further: [
      async (estate) => {
        const { parent: by } = await enabled(estate);
        await created(estate, 'Dev');
        await created(estate, 'Ops');
        return { by, params: { PageNumber: 2, PageSize: 1, IncludeTags: true } };
      },
      async (estate) => {
        const { parent: by } = await enabled(estate);
        await created(estate, 'Dev', { 'Tag.1.Key': 'team' });
        return { by, params: { 'Tag.1.Key': 'team' } };
      },
    ],
  },
  ListAccountsForParent: {
    example: async (estate) => {
      const { parent: by, rootFolderId } = await enabled(estate);
      await created(estate, 'Dev');
      return { by, params: { ParentFolderId: rootFolderId, PageSize: 5 } };
    },
    further: [
      async (estate) => {
        const { parent: by } = await enabled(estate);
        await created(estate, 'Dev');
        return { by, params: { QueryKeyword: 'dev' } };
      },
    ],
  },
  MoveAccount: {
    example: async (estate) => {
      const directed = await enabled(estate);
      const { AccountId } = await created(estate, 'Dev');
      return { by: estate.parent, params: { AccountId, DestinationFolderId: await newFolder(directed, 'Apps') } };
    },
  },
  RemoveCloudAccount: {
    example: async (estate) => ({
      by: estate.parent,
      params: { AccountId: await cloudMember(await enabled(estate), 'Dev') },
    }),
  },
  UpdateAccount: {
    example: async (estate) => {
      const { parent: by } = await enabled(estate);
      const { AccountId } = await created(estate, 'Dev');
      return { by, params: { AccountId, NewDisplayName: 'Ops' } };
    },
    further: [
      async (estate) => {
        const email = 'dev@example.com';
        const AccountId = await cloudMember(await enabled(estate), 'Dev', { email });
        const params = { AccountId, NewDisplayName: 'Ops', NewAccountType: 'ResourceAccount' };
        return { by: estate.parent, params };
      },
    ],
  },
};
