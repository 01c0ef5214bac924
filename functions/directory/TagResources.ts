import * as v from 'valibot';
import { withTags } from '#lib/domain/directory/tags.ts';
import { operation } from '#lib/operation.ts';
import { directory, directoryEnvelope } from '#lib/products/directory/product.ts';
import { resourceIds, resourcesNamed, resourceType, tags, tagsNamed } from '#lib/products/directory/tags.ts';
import { tag } from '#lib/store/directory/tagging.ts';
import { openTagLists } from '#lib/store/directory/tagLists.ts';

export const app = operation({
  action: 'TagResources',
  product: directory,
  envelope: directoryEnvelope,
  access: 'account',
  effect: 'write',
  input: v.object({
    ResourceType: resourceType,
    ResourceId: v.pipe(resourceIds, v.minLength(1)),
    Tag: v.pipe(tags, v.minLength(1)),
  }),
  output: v.object({}),
  errors: ['DirectoryUnknown', 'MemberUnknown', 'FolderUnknown', 'TagQuotaReached'],
  async run({ input: { ResourceId, ResourceType, Tag }, version, call, deps }) {
    const ids = resourcesNamed(ResourceType, ResourceId, version);
    const uids = ResourceType === 'Account' ? ids.map(Number) : [];
    const { directory, members } = await openTagLists(deps.table).getMembers(call.uid, uids);
    const tagged = ResourceType === 'Account' ? { members } : { folderIds: ids };
    const added = tagsNamed(Tag);
    const write = tag(directory, tagged, 'tagResources', (before) => withTags(before, added), call);
    return { output: {}, write };
  },
});
