import { enabled } from '#test/directory/calls.ts';
import { passwordPolicy } from '#test/governance/calls.ts';
import { enrolled, handedOver, settle } from '#test/governance/enrolling.ts';
import { added, lending } from '#test/support/examples/staging.ts';
import type { ProductExamples } from '#test/support/examples.ts';

export const operator: ProductExamples = {
  AllocateCredit: {
    example: async (estate) => {
      const { operator: by, parent, sibling } = estate;
      await lending(estate);
      return { by, params: { ParentUid: parent.uid, ChildUid: sibling.uid, Amount: 40 } };
    },
  },
  DescribeAccount: {
    example: async ({ child, operator: by }) => ({ by, params: { Uid: child.uid } }),
    further: [
      async (estate) => {
        await added(estate, estate.sibling);
        return { by: estate.operator, params: { Uid: estate.sibling.uid } };
      },
    ],
  },
  DescribeAccountConfiguration: {
    example: async (estate) => {
      const { operator: by } = await enabled(estate);
      const Uid = await enrolled(estate);
      await settle(estate);
      return { by, params: { Uid } };
    },
  },
  DescribeAccountStanding: {
    example: async ({ child, operator: by }) => ({ by, params: { Uid: child.uid } }),
  },
  DescribeVerificationCode: {
    example: async ({ operator: by, parent }) => ({
      by,
      params: { Uid: parent.uid, SecureMobilePhone: '86-13900001234' },
    }),
  },
  IssueAccessKey: {
    example: async ({ child, operator: by }) => ({ by, params: { Uid: child.uid } }),
    further: [
      async ({ operator: by }) => ({ by, params: { Operator: true } }),
      async ({ child, operator: by }) => ({ by, params: { Uid: child.uid, Root: true } }),
      async ({ child, operator: by }) => ({
        by,
        params: { Uid: child.uid, AccessKeyId: 'LTAI-brought-along', AccessKeySecret: 'a secret of its own' },
      }),
    ],
  },
  ListEvents: {
    example: async (estate) => ({
      by: estate.sibling,
      params: { RelationId: await added(estate, estate.sibling), MaxResults: 5 },
    }),
    further: [
      async ({ child }) => ({ by: child, params: { Uid: child.uid } }),
      async (estate) => ({
        by: estate.operator,
        params: { RelationId: await added(estate, estate.child) },
      }),
      async ({ child, operator: by }) => ({ by, params: { Subject: 'account', SubjectId: child.uid } }),
      async ({ child }) => ({ by: child, params: { Subject: 'accessKey', SubjectId: child.keyId } }),
      async (estate) => {
        const { directoryId, parent: by } = await enabled(estate);
        return { by, params: { Subject: 'directory', SubjectId: directoryId } };
      },
    ],
  },
  ListRegisteredAccounts: {
    example: async ({ operator: by }) => ({ by, params: { MaxResults: 2 } }),
  },
  ReportBaselineItem: {
    example: async (estate) => {
      const { operator: by } = await enabled(estate);
      return { by, params: { Uid: await handedOver(estate), Name: passwordPolicy, Status: 'Finished' } };
    },
    further: (['Failed', 'Retry'] as const).map((Status) => async (estate) => {
      const { operator: by } = await enabled(estate);
      return { by, params: { Uid: await handedOver(estate), Name: passwordPolicy, Status } };
    }),
  },
  PutAccountFactory: {
    example: async (estate) => {
      const { operator: by, parent } = await enabled(estate);
      return { by, params: { Uid: parent.uid, Status: 'Suspended' } };
    },
  },
  PutAccountStanding: {
    example: async ({ child, operator: by }) => ({ by, params: { Uid: child.uid, Arrears: 5 } }),
  },
  PutDirectoryQuotas: {
    example: async (estate) => {
      const { operator: by, parent } = await enabled(estate);
      return { by, params: { Uid: parent.uid, Members: 1000 } };
    },
  },
  RegisterAccount: {
    example: async ({ operator: by }) => ({ by, params: { Name: 'new@test', LegalName: 'New' } }),
    further: [
      async ({ operator: by }) => ({
        by,
        params: { Name: 'new@test', LegalName: 'New', Email: 'new@example.com' },
      }),
    ],
  },
  RevokeAccessKey: {
    example: async ({ operator: by, stranger }) => ({ by, params: { AccessKeyId: stranger.keyId } }),
    further: [
      async ({ call, operator: by, stranger }) => {
        const { body } = await call(by, 'IssueAccessKey', { Uid: stranger.uid, Root: true });
        return { by, params: { AccessKeyId: body.AccessKeyId } };
      },
    ],
  },
};
