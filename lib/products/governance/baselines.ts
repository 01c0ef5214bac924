import * as v from 'valibot';
import { jsonText, text } from '#lib/dialects/fields.ts';
import type { Baseline, BaselineItem } from '#lib/domain/governance/baseline.ts';
import { ITEM_VERSION } from '#lib/domain/governance/itemKind.ts';
import { Refusal } from '#lib/errors.ts';
import { toTheSecond } from '#lib/products/directory/vocabulary.ts';

const MOST_ITEMS = 50;
const MOST_CONFIG_BYTES = 32_768;
/** A baseline is one row, which DynamoDB keeps below 400 KB, and lists read whole rows. */
const MOST_BYTES = 100_000;

/** Of any form: an id that no baseline can have is answered as that of a baseline that does not exist. */
const baselineId = v.pipe(
  text(64),
  v.description('The id of a baseline, as CreateAccountFactoryBaseline answered it.'),
);

/** Without it, the system baseline is meant. */
export const anyBaselineId = v.optional(
  v.pipe(baselineId, v.description('The id of a baseline; the system baseline if it is not given.')),
);

/** Formally optional, as with the vendor, so that it is not the gateway that misses it (docs/vendors/alibaba-governance.md 7.8, 7.9). */
export const ownBaselineId = v.optional(v.pipe(baselineId, v.description('The id of a baseline; it has to be given.')));

/** The id that is named. Throws `ParameterInvalid` if none is. */
export function idNamed(id: string | undefined): string {
  if (id === undefined) throw new Refusal('ParameterInvalid', { parameter: 'BaselineId', fault: 'value' });
  return id;
}

export const baselineName = v.pipe(text(128), v.description('The name of the baseline: at most 128 characters.'));

export const description = v.pipe(text(1024), v.description('What it is for: at most 1024 characters.'));

/** JSON, which may be written in lines. It is kept byte for byte. */
const config = v.pipe(
  v.string(),
  v.maxBytes(MOST_CONFIG_BYTES),
  v.regex(/^(?:[\t\n\r]|[^\p{Cc}\p{Surrogate}\uFFFE\uFFFF])*$/u),
);

/** The parts of an item in a request. Terraform sends those that it does not have empty (docs/vendors/alibaba-governance.md 12.13). */
export const itemEntries = {
  Name: v.pipe(text(128), v.minLength(1)),
  Version: v.optional(
    v.pipe(
      text(64),
      v.transform((version) => version || ITEM_VERSION),
    ),
    '',
  ),
  Config: v.optional(config),
};

/** A list of items, flat or as one JSON text. */
export function itemsOf<Item extends v.GenericSchema<unknown, unknown>>(item: Item) {
  const list = v.union([v.array(v.unknown()), v.pipe(jsonText, v.array(v.unknown()))]);
  // How many there are is asked first: in a text there may be a hundred thousand.
  return v.pipe(
    list,
    v.maxLength(MOST_ITEMS),
    v.array(item),
    v.check((items) => isBearable(items)),
  );
}

export const baselineItems = v.pipe(
  itemsOf(v.object(itemEntries)),
  v.description('Items, each with Name, Version (1.0) and Config (the JSON text that the item takes); each name once.'),
);

export type RequestedItem = v.InferOutput<v.ObjectSchema<typeof itemEntries, undefined>>;

export function itemOf({ Config, Name, Version }: RequestedItem): BaselineItem {
  return { name: Name, version: Version, ...(Config && { config: Config }) };
}

const listed = {
  BaselineId: v.string(),
  BaselineName: v.string(),
  Description: v.string(),
  Type: v.string(),
  CreateTime: v.string(),
  UpdateTime: v.string(),
};

/** A baseline as lists show it, and as it is shown alone (docs/vendors/alibaba-governance.md 7.5, 7.6). */
export const baselineView = v.object(listed);
export const fullBaselineView = v.object({
  ...listed,
  BaselineItems: v.array(v.object({ Name: v.string(), Version: v.string(), Config: v.optional(v.string()) })),
});

const typeNames = { system: 'System', custom: 'Custom' } as const satisfies Record<Baseline['type'], string>;

export function baselineViewOf({ createdAtMs, description, id, name, type, updatedAtMs }: Baseline) {
  return {
    BaselineId: id,
    BaselineName: name,
    Description: description,
    Type: typeNames[type],
    CreateTime: toTheSecond(createdAtMs),
    UpdateTime: toTheSecond(updatedAtMs),
  };
}

export function fullBaselineViewOf(baseline: Baseline) {
  const BaselineItems = baseline.items.map(({ config, name, version }) => ({
    Name: name,
    Version: version,
    ...(config !== undefined && { Config: config }),
  }));
  return { ...baselineViewOf(baseline), BaselineItems };
}

/** Asked of items as they were read: what else was sent may be nested deeper than can be written. */
function isBearable(items: unknown): boolean {
  return Buffer.byteLength(JSON.stringify(items)) <= MOST_BYTES;
}
