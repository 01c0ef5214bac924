import * as v from 'valibot';
import { flag } from '#lib/dialects/fields.ts';
import { withoutTags } from '#lib/domain/directory/tags.ts';
import { Refusal } from '#lib/errors.ts';
import { operation } from '#lib/operation.ts';
import { directory, directoryEnvelope } from '#lib/products/directory/product.ts';
import { resourceIds, resourcesNamed, resourceType, tagKeys } from '#lib/products/directory/tags.ts';
import { tag } from '#lib/store/directory/tagging.ts';
import { openTagLists } from '#lib/store/directory/tagLists.ts';

export const app = operation({
  action: 'UntagResources',
  product: directory,
  envelope: directoryEnvelope,
  access: 'account',
  effect: 'write',
  input: v.object({
    ResourceType: resourceType,
    ResourceId: v.pipe(resourceIds, v.minLength(1)),
    TagKey: v.optional(tagKeys, []),
    All: v.optional(v.pipe(flag, v.description('Whether all tags are removed; then no TagKey is needed.')), false),
  }),
  output: v.object({}),
  errors: ['DirectoryUnknown', 'MemberUnknown', 'FolderUnknown'],
  async run({ input: { All, ResourceId, ResourceType, TagKey }, version, call, deps }) {
    const ids = resourcesNamed(ResourceType, ResourceId, version);
    if (!All && TagKey.length === 0) throw new Refusal('ParameterMissing', { parameter: 'TagKey' });
    const uids = ResourceType === 'Account' ? ids.map(Number) : [];
    const { directory, members } = await openTagLists(deps.table).getMembers(call.uid, uids);
    const tagged = ResourceType === 'Account' ? { members } : { folderIds: ids };
    const keys = All ? undefined : TagKey;
    const write = tag(directory, tagged, 'untagResources', (before) => withoutTags(before, keys), call);
    return { output: {}, write };
  },
});
