import * as v from 'valibot';
import { itemKind } from '#lib/domain/governance/itemKind.ts';

const presetTags = v.array(
  v.object({
    Key: v.pipe(v.string(), v.minLength(1), v.maxLength(128)),
    Values: v.optional(v.array(v.pipe(v.string(), v.maxLength(128))), []),
  }),
);

/** Tags that are offered in the account. Values of a key are added to those it has. */
export const presetTag = itemKind({
  name: 'ACS-BP_ACCOUNT_FACTORY_PRESET_TAG',
  description: 'Tag keys with their values that are preset in the account.',
  config: v.object({ PresetTags: v.optional(presetTags, []) }),
  state: v.object({ PresetTags: presetTags }),
  apply({ PresetTags }, { before }) {
    const values = new Map<string, readonly string[]>();
    for (const { Key, Values } of [...(before?.PresetTags ?? []), ...PresetTags]) {
      values.set(Key, [...(values.get(Key) ?? []), ...Values]);
    }
    return { PresetTags: [...values].map(([Key, all]) => ({ Key, Values: [...new Set(all)] })) };
  },
});
