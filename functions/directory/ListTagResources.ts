import * as v from 'valibot';
import { nextTokens } from '#lib/nextToken.ts';
import { operation } from '#lib/operation.ts';
import { maxResults, nextToken } from '#lib/products/directory/fields.ts';
import { directory, directoryEnvelope } from '#lib/products/directory/product.ts';
import { positionIn, resourceIds, resourcesNamed, resourceType, tagFilter } from '#lib/products/directory/tags.ts';
import { openTagLists } from '#lib/store/directory/tagLists.ts';

export const app = operation({
  action: 'ListTagResources',
  product: directory,
  envelope: directoryEnvelope,
  access: 'account',
  effect: 'read',
  input: v.object({
    ResourceType: resourceType,
    ResourceId: v.optional(resourceIds, []),
    Tag: v.optional(tagFilter, []),
    MaxResults: v.optional(maxResults, 10),
    NextToken: v.optional(nextToken),
  }),
  output: v.object({
    TagResources: v.array(
      v.object({ ResourceId: v.string(), ResourceType: v.string(), TagKey: v.string(), TagValue: v.string() }),
    ),
    // A client that is told an empty one asks for ever (docs/vendors/alibaba-resource-directory.md 13.22).
    NextToken: v.optional(v.string()),
  }),
  errors: ['DirectoryUnknown'],
  async run({ input: { MaxResults: limit, NextToken, ResourceId, ResourceType, Tag }, version, call, deps }) {
    const ids = resourcesNamed(ResourceType, ResourceId, version);
    const tokens = nextTokens(deps.keyring, call, { ResourceType, ids, Tag });
    const query = { ids, wanted: Tag, after: positionIn(tokens.open(NextToken)), limit };
    const tagLists = openTagLists(deps.table);
    const entries = await tagLists[ResourceType === 'Account' ? 'ofMembers' : 'ofFolders'](call.uid, query);
    const page = entries.slice(0, limit);
    const last = entries.length > limit ? page.at(-1) : undefined;
    return {
      TagResources: page.map(({ key, resourceId, value }) => ({
        ResourceId: resourceId,
        ResourceType,
        TagKey: key,
        TagValue: value,
      })),
      ...(last && { NextToken: tokens.seal(JSON.stringify(last.position)) }),
    };
  },
});
