import { resourceDirectoryMaster } from '#lib/products/directory/product.ts';
import { add } from '#test/bss/parties.ts';
import { ASK_AGAIN_MS, asked, promoting } from '#test/directory/asking.ts';
import { created, directed, enabled, foldered, signerOf } from '#test/directory/calls.ts';
import { enabledForDeletion } from '#test/directory/deletions.ts';
import { invited, invitedByEmail, registered } from '#test/directory/handshakes.ts';
import { cloudMember } from '#test/directory/members.ts';
import { baselined, defaultDomain, flat } from '#test/governance/calls.ts';
import { enrolled, settle } from '#test/governance/enrolling.ts';
import { offered } from '#test/support/examples/staging.ts';
import type { ProductExamples } from '#test/support/examples.ts';

const MASecureMobilePhone = '86-13900001234';

export const directory: ProductExamples = {
  AcceptHandshake: {
    example: async (estate) => {
      const { HandshakeId } = await invited(await enabled(estate));
      return { by: estate.sibling, params: { HandshakeId } };
    },
  },
  CancelCreateCloudAccount: {
    example: async (estate) => ({
      by: estate.parent,
      params: { RecordId: (await asked(await enabled(estate))).RecordId },
    }),
  },
  CancelHandshake: {
    example: async (estate) => {
      const { HandshakeId } = await invited(await enabled(estate));
      return { by: estate.parent, params: { HandshakeId } };
    },
  },
  CancelPromoteResourceAccount: {
    example: async (estate) => ({
      by: estate.parent,
      params: { RecordId: (await promoting(await enabled(estate))).RecordId },
    }),
  },
  CheckAccountDelete: {
    example: async (estate) => {
      const { parent: by } = await enabledForDeletion(estate);
      const { AccountId } = await created(estate, 'Dev');
      return { by, params: { AccountId } };
    },
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
  DeclineHandshake: {
    example: async (estate) => {
      const { HandshakeId } = await invited(await enabled(estate));
      return { by: estate.sibling, params: { HandshakeId } };
    },
  },
  DeleteAccount: {
    example: async (estate) => {
      const { parent: by } = await enabledForDeletion(estate);
      const { AccountId } = await created(estate, 'Dev', { PayerAccountId: by.uid });
      return { by, params: { AccountId, AbandonableCheckId: '["NON_SP_credit"]' } };
    },
    further: [
      async (estate) => {
        const { parent: by } = await enabledForDeletion(estate);
        const { AccountId } = await created(estate, 'Dev');
        await add(estate, estate.sibling, await signerOf(estate, AccountId), offered);
        return { by, params: { AccountId } };
      },
    ],
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
    further: [
      async (estate) => {
        await invited(await enabled(estate));
        return { by: estate.parent, params: {} };
      },
    ],
  },
  DisableControlPolicy: {
    example: async (estate) => {
      const { parent: by } = await enabled(estate);
      await directed(estate, by, 'EnableControlPolicy');
      return { by, params: {} };
    },
  },
  EnableControlPolicy: {
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
  GetAccount: {
    example: async (estate) => {
      const { parent: by } = await enabled(estate);
      const { AccountId } = await created(estate, 'Dev');
      return { by, params: { AccountId } };
    },
  },
  GetAccountDeletionCheckResult: {
    example: async (estate) => {
      const { parent: by } = await enabledForDeletion(estate);
      const { AccountId } = await created(estate, 'Dev');
      await directed(estate, by, 'CheckAccountDelete', { AccountId });
      return { by, params: { AccountId } };
    },
  },
  GetAccountDeletionStatus: {
    example: async (estate) => {
      const { parent: by } = await enabledForDeletion(estate);
      const { AccountId } = await created(estate, 'Dev');
      await directed(estate, by, 'DeleteAccount', { AccountId });
      return { by, params: { AccountId } };
    },
  },
  GetFolder: {
    example: async (estate) => {
      const { parent: by } = await enabled(estate);
      return { by, params: { FolderId: await foldered(estate, 'Apps') } };
    },
  },
  GetHandshake: {
    example: async (estate) => {
      const { HandshakeId } = await invited(await enabled(estate));
      return { by: estate.sibling, params: { HandshakeId } };
    },
  },
  GetPayerForAccount: {
    example: async (estate) => {
      const { parent: by } = await enabled(estate);
      const { AccountId } = await created(estate, 'Dev', { PayerAccountId: by.uid });
      return { by, params: { AccountId } };
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
  InviteAccountToResourceDirectory: {
    example: async (estate) => {
      const { parent: by } = await enabled(estate);
      return { by, params: { TargetEntity: estate.sibling.uid, TargetType: 'Account', Note: 'Welcome' } };
    },
    further: [
      async (estate) => {
        const { parent: by } = await enabled(estate);
        return { by, params: { TargetEntity: 'new@example.com', TargetType: 'Email' } };
      },
      async (estate) => {
        const { parent: by } = await enabled(estate);
        await registered(estate, { Email: 'new@example.com' });
        return { by, params: { TargetEntity: 'New@example.com', TargetType: 'Email' } };
      },
    ],
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
      async (estate) => {
        const { parent: by } = await enabled(estate);
        await created(estate, 'Dev');
        return { by, params: { MaxResults: 1, QueryKeyword: 'dev' }, version: resourceDirectoryMaster };
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
      async (estate) => {
        const { parent: by } = await enabled(estate);
        await created(estate, 'Dev');
        return { by, params: {}, version: resourceDirectoryMaster };
      },
    ],
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
  ListHandshakesForAccount: {
    example: async (estate) => {
      await invited(await enabled(estate));
      return { by: estate.sibling, params: { PageSize: 5 } };
    },
    further: [
      async (estate) => {
        const by = await registered(estate, { Email: 'new@example.com' });
        await invitedByEmail(await enabled(estate));
        return { by, params: {} };
      },
    ],
  },
  ListHandshakesForResourceDirectory: {
    example: async (estate) => {
      await invited(await enabled(estate));
      return { by: estate.parent, params: { PageSize: 5 } };
    },
  },
  ListTagResources: {
    example: async (estate) => {
      const { parent: by } = await enabled(estate);
      const { AccountId } = await created(estate, 'Dev', { 'Tag.1.Key': 'team' });
      return { by, params: { ResourceType: 'Account', 'ResourceId.1': AccountId } };
    },
    further: [
      async (estate) => {
        const { parent: by } = await enabled(estate);
        await created(estate, 'Dev', { 'Tag.1.Key': 'team' });
        return { by, params: { ResourceType: 'Account', 'Tag.1.Key': 'team' } };
      },
    ],
  },
  MoveAccount: {
    example: async (estate) => {
      const directed = await enabled(estate);
      const { AccountId } = await created(estate, 'Dev');
      return { by: estate.parent, params: { AccountId, DestinationFolderId: await foldered(directed, 'Apps') } };
    },
  },
  PromoteResourceAccount: {
    example: async (estate) => {
      const { parent: by } = await enabled(estate);
      const { AccountId } = await created(estate, 'Dev');
      return { by, params: { AccountId, Email: 'dev@example.com' } };
    },
  },
  RemoveCloudAccount: {
    example: async (estate) => ({
      by: estate.parent,
      params: { AccountId: await cloudMember(await enabled(estate), 'Dev') },
    }),
    further: [
      async (estate) => {
        const directory = await enabled(estate);
        const AccountId = await cloudMember(directory, 'Dev');
        const domain = flat([{ Name: defaultDomain, Config: '{"DefaultDomainName":"dev.onaliyun.com"}' }]);
        await enrolled(estate, { AccountUid: AccountId, BaselineId: await baselined(directory), ...domain });
        await settle(estate);
        return { by: directory.parent, params: { AccountId } };
      },
    ],
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
  SetMemberDeletionPermission: {
    example: async (estate) => {
      const { parent: by } = await enabled(estate);
      return { by, params: { Status: 'Enabled' } };
    },
  },
  SetMemberDisplayNameSyncStatus: {
    example: async (estate) => {
      const { parent: by } = await enabled(estate);
      return { by, params: { Status: 'Enabled' } };
    },
  },
  TagResources: {
    example: async (estate) => {
      const { parent: by } = await enabled(estate);
      const { AccountId } = await created(estate, 'Dev');
      return { by, params: { ResourceType: 'Account', 'ResourceId.1': AccountId, 'Tag.1.Key': 'team' } };
    },
    further: [
      async (estate) => {
        const { parent: by } = await enabled(estate);
        const params = { ResourceType: 'Folder', 'ResourceId.1': await foldered(estate, 'Apps'), 'Tag.1.Key': 'team' };
        return { by, params, version: resourceDirectoryMaster };
      },
    ],
  },
  UntagResources: {
    example: async (estate) => {
      const { parent: by } = await enabled(estate);
      const { AccountId } = await created(estate, 'Dev', { 'Tag.1.Key': 'team' });
      return { by, params: { ResourceType: 'Account', 'ResourceId.1': AccountId, 'TagKey.1': 'team' } };
    },
    further: [
      async (estate) => {
        const { parent: by } = await enabled(estate);
        const params = { ResourceType: 'Folder', 'ResourceId.1': await foldered(estate, 'Apps'), All: true };
        return { by, params, version: resourceDirectoryMaster };
      },
    ],
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
  UpdateFolder: {
    example: async (estate) => {
      const { parent: by } = await enabled(estate);
      return { by, params: { FolderId: await foldered(estate, 'Apps'), NewFolderName: 'Tools' } };
    },
  },
  UpdatePayerForAccount: {
    example: async (estate) => {
      const { parent: by } = await enabled(estate);
      const { AccountId } = await created(estate, 'Dev');
      return { by, params: { AccountId, PayerAccountId: by.uid } };
    },
    further: [
      async (estate) => {
        const { parent: by } = await enabled(estate);
        const { AccountId: PayerAccountId } = await created(estate, 'Payer');
        const { AccountId } = await created(estate, 'Dev', { PayerAccountId });
        return { by, params: { AccountId, PayerAccountId: by.uid } };
      },
    ],
  },
};
