import { enabled } from '#test/directory/calls.ts';
import { baselined, baselineOf, contacts, flat, services } from '#test/governance/calls.ts';
import type { ProductExamples } from '#test/support/examples.ts';

export const governance: ProductExamples = {
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
