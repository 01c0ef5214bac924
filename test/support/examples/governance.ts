import { created, enabled } from '#test/directory/calls.ts';
import { baselined, baselineOf, contacts, flat, services } from '#test/governance/calls.ts';
import { enrolled, newAccount, settle } from '#test/governance/enrolling.ts';
import type { ProductExamples } from '#test/support/examples.ts';

export const governance: ProductExamples = {
  BatchEnrollAccounts: {
    example: async (estate) => {
      const directory = await enabled(estate);
      const { AccountId } = await created(estate, 'Dev');
      const params = { 'Accounts.1.AccountUid': Number(AccountId), BaselineId: await baselined(directory) };
      return { by: directory.parent, params };
    },
    further: [
      async (estate) => {
        const { parent: by } = await enabled(estate);
        const { AccountId } = await created(estate, 'Dev');
        const { AccountId: other } = await created(estate, 'Ops');
        return { by, params: { 'Accounts.1.AccountUid': AccountId, 'Accounts.2.AccountUid': other } };
      },
    ],
  },
  CreateAccountFactoryBaseline: {
    example: async (estate) => {
      const { parent: by } = await enabled(estate);
      return { by, params: { BaselineName: 'Team A', ...flat([{ Name: services, Config: '{}' }]) } };
    },
  },
  DeleteAccountFactoryBaseline: {
    example: async (estate) => {
      const directory = await enabled(estate);
      return { by: directory.parent, params: { BaselineId: await baselined(directory) } };
    },
  },
  EnrollAccount: {
    example: async (estate) => {
      const directory = await enabled(estate);
      const { parent: by } = directory;
      const params = { ...newAccount('dev'), Tag: '[{"Key":"env","Value":"dev"}]', PayerAccountUid: by.uid };
      return { by, params: { ...params, BaselineId: await baselined(directory) } };
    },
    further: [
      async (estate) => {
        const directory = await enabled(estate);
        const AccountUid = await enrolled(estate, { ...newAccount('dev'), BaselineId: await baselined(directory) });
        await settle(estate);
        const params = { AccountUid, BaselineId: await baselined(directory), Tag: '[{"Key":"env","Value":"dev"}]' };
        return { by: directory.parent, params };
      },
      async (estate) => {
        const { parent: by } = await enabled(estate);
        const { AccountId } = await created(estate, 'Dev');
        return { by, params: { AccountUid: AccountId } };
      },
    ],
  },
  GetAccountFactoryBaseline: {
    example: async (estate) => {
      const directory = await enabled(estate);
      return { by: directory.parent, params: { BaselineId: await baselined(directory, flat([{ Name: contacts }])) } };
    },
    further: [
      async (estate) => {
        const { parent: by } = await enabled(estate);
        return { by, params: {} };
      },
    ],
  },
  GetEnrolledAccount: {
    example: async (estate) => {
      const { parent: by } = await enabled(estate);
      const AccountUid = await enrolled(estate, { ...newAccount('dev'), PayerAccountUid: by.uid });
      return { by, params: { AccountUid } };
    },
  },
  ListAccountFactoryBaselineItems: {
    example: async (estate) => {
      const { parent: by } = await enabled(estate);
      return { by, params: { MaxResults: 2 } };
    },
  },
  ListAccountFactoryBaselines: {
    example: async (estate) => {
      const directory = await enabled(estate);
      for (let made = 0; made < 3; made++) await baselined(directory);
      return { by: directory.parent, params: { MaxResults: 2 } };
    },
  },
  ListEnrolledAccounts: {
    example: async (estate) => {
      const { parent: by } = await enabled(estate);
      // Which of two that are enrolled within a millisecond comes first, their uids tell: whoever it is, its payer is read.
      for (const name of ['dev', 'ops']) await enrolled(estate, { ...newAccount(name), PayerAccountUid: by.uid });
      return { by, params: { MaxResults: 1 } };
    },
  },
  UpdateAccountFactoryBaseline: {
    example: async (estate) => {
      const directory = await enabled(estate);
      const BaselineId = await baselined(directory, { BaselineName: 'Team A' });
      return { by: directory.parent, params: { BaselineId, Description: 'Of team A', ...flat([{ Name: services }]) } };
    },
    further: [
      async (estate) => {
        const directory = await enabled(estate);
        const { BaselineId } = await baselineOf(directory);
        return { by: directory.parent, params: { BaselineId, BaselineName: 'Ours' } };
      },
    ],
  },
};
