import * as v from 'valibot';
import { text } from '#lib/dialects/fields.ts';
import { MOST_TAGS } from '#lib/domain/directory/tags.ts';
import { Refusal } from '#lib/errors.ts';
import { resourceManager } from '#lib/products/directory/product.ts';

const MOST_RESOURCES = 50;

/** Neither what the vendor keeps for itself, nor a name that every JavaScript object has (docs/vendors/alibaba-resource-directory.md 8.40). */
const tagKey = v.pipe(
  text(128),
  v.minLength(1),
  v.regex(/^(?!acs:|aliyun|(?:__proto__|prototype|constructor)$)(?!.*https?:\/\/)/),
);

const tagValue = v.pipe(text(128), v.regex(/^(?!acs:)(?!.*https?:\/\/)/));

export const tags = v.pipe(
  v.array(v.object({ Key: tagKey, Value: v.optional(tagValue, '') })),
  v.maxLength(MOST_TAGS),
  v.description('Tags: at most 20 pairs of Key and Value, of 128 characters each.'),
);

/** Which of a list are wanted, by their tags. */
export const tagFilter = v.pipe(
  v.array(v.object({ Key: v.pipe(text(128), v.minLength(1)), Value: v.optional(text(128)) })),
  v.maxLength(MOST_TAGS),
  v.description('Pairs of Key and Value that all have to be there, at most 20; a Key alone stands for any Value.'),
);

export const tagKeys = v.pipe(
  v.array(v.pipe(text(128), v.minLength(1))),
  v.maxLength(MOST_TAGS),
  v.description('The keys of the tags, at most 20.'),
);

const resourceTypes = ['Account', 'Folder'] as const;

/** What bears tags: in 2020-03-31 members alone. */
export const resourceType = v.pipe(
  v.picklist(resourceTypes),
  v.description('What has the tags: Account, a member; in 2022-04-19 also Folder.'),
);

export const resourceIds = v.pipe(
  v.array(v.union([v.string(), v.pipe(v.number(), v.transform(String))])),
  v.maxLength(MOST_RESOURCES),
  v.description('The ids of members or folders, at most 50.'),
);

type ResourceType = (typeof resourceTypes)[number];

/** How an id looks; the root folder has no tags. */
const forms: Readonly<Record<ResourceType, RegExp>> = { Account: /^[1-9]\d{15}$/, Folder: /^fd-[0-9A-Za-z]{10}$/ };

/** The ids, each once. Throws `ParameterInvalid` for a type that the version does not know, and for an id that is none of the type. */
export function resourcesNamed(type: ResourceType, ids: readonly string[], version: string): string[] {
  if (type === 'Folder' && version === resourceManager) {
    throw new Refusal('ParameterInvalid', { parameter: 'ResourceType', fault: 'value' });
  }
  if (!ids.every((id) => forms[type].test(id))) {
    throw new Refusal('ParameterInvalid', { parameter: 'ResourceId', fault: 'format' });
  }
  return [...new Set(ids)];
}

/** Pairs of keys and values as tags; of several of one key the last counts. */
export function tagsNamed(pairs: readonly { readonly Key: string; readonly Value: string }[]) {
  return Object.fromEntries(pairs.map(({ Key, Value }) => [Key, Value]));
}

/** The place that a token of a list of tags holds. */
export function positionIn(token: string | undefined): Position | undefined {
  return token === undefined ? undefined : v.parse(position, JSON.parse(token));
}

const position = v.object({ rank: v.string(), key: v.string() });

type Position = v.InferOutput<typeof position>;
