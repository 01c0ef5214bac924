import { ASK_AGAIN_MS, asked, promoting } from '#test/directory/asking.ts';
import { created, enabled, foldered, signerOf } from '#test/directory/calls.ts';

import type { ProductExamples } from '#test/support/examples.ts';

const MASecureMobilePhone = '86-13900001234';

export const directory: ProductExamples = {
  CreateFolder: {
    example: async (estate) => {
      const { parent: by } = await enabled(estate);
      return { by, params: { FolderName: 'Apps' } };
    },
    further: [
      async (estate) => {
        const { parent: by } = await enabled(estate);
        return { by, params: { FolderName: 'Prod', ParentFolderId: await foldered(estate, 'Apps') } };
      },
    ],
  },
  CreateResourceAccount: {
    example: async (estate) => {
      const { parent: by } = await enabled(estate);
      return { by, params: { DisplayName: 'Dev', AccountNamePrefix: 'alice', PayerAccountId: by.uid } };
    },
  },
  DeleteFolder: {
    example: async (estate) => {
      const { parent: by } = await enabled(estate);
      return { by, params: { FolderId: await foldered(estate, 'Apps') } };
    },
  },
  DestroyResourceDirectory: {
    example: async (estate) => {
      const { parent: by } = await enabled(estate);
      return { by, params: {} };
    },
  },
  EnableResourceDirectory: {
    example: async ({ parent: by }) => ({ by, params: { EnableMode: 'CurrentAccount' } }),
    further: [
      async ({ call, operator, parent: by }) => {
        const telephone = { Uid: by.uid, SecureMobilePhone: MASecureMobilePhone };
        const { VerificationCode } = (await call(operator, 'DescribeVerificationCode', telephone)).body;
        const MAName = 'user01@rdadmin.aliyunid.com';
        return { by, params: { EnableMode: 'NewManagementAccount', MAName, MASecureMobilePhone, VerificationCode } };
      },
    ],
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
  GetFolder: {
    example: async (estate) => {
      const { parent: by } = await enabled(estate);
      return { by, params: { FolderId: await foldered(estate, 'Apps') } };
    },
  },
  GetResourceDirectory: {
    example: async (estate) => {
      const { parent: by } = await enabled(estate);
      return { by, params: {} };
    },
    further: [
      async (estate) => {
        await enabled(estate);
        const { AccountId } = await created(estate, 'Dev');
        return { by: await signerOf(estate, AccountId), params: {} };
      },
    ],
  },
  InitResourceDirectory: {
    example: async ({ parent: by }) => ({ by, params: {} }),
  },
  ListAncestors: {
    example: async (estate) => {
      const { parent: by } = await enabled(estate);
      return { by, params: { ChildId: await foldered(estate, 'Apps') } };
    },
  },
  ListFoldersForParent: {
    example: async (estate) => {
      const { parent: by, rootFolderId: ParentFolderId } = await enabled(estate);
      await foldered(estate, 'Apps');
      return { by, params: { ParentFolderId, QueryKeyword: 'app', PageSize: 5 } };
    },
  },
  UpdateFolder: {
    example: async (estate) => {
      const { parent: by } = await enabled(estate);
      return { by, params: { FolderId: await foldered(estate, 'Apps'), NewFolderName: 'Tools' } };
    },
  },
};
