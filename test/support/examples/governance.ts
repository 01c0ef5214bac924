import { enabled } from '#test/directory/calls.ts';
import type { ProductExamples } from '#test/support/examples.ts';

export const governance: ProductExamples = {
  ListAccountFactoryBaselineItems: {
    example: async (estate) => {
      const { parent: by } = await enabled(estate);
      return { by, params: { MaxResults: 2 } };
    },
  },
};
