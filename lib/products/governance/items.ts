import * as v from 'valibot';
import { text } from '#lib/dialects/fields.ts';
import { ITEM_VERSION, type ItemKind } from '#lib/domain/governance/itemKind.ts';

/** The only type of items (docs/vendors/alibaba-governance.md 2.5). */
const ITEM_TYPE = 'AccountFactory';

const MOST_NAMES = 100;

export const itemType = v.pipe(text(64), v.description('Lists only items of this type; all are of AccountFactory.'));

export const itemNames = v.pipe(
  v.array(text(128)),
  v.maxLength(MOST_NAMES),
  v.description('Lists only items of these names.'),
);

export const itemVersions = v.pipe(
  v.array(text(64)),
  v.maxLength(MOST_NAMES),
  v.description('Lists only items of these versions; all are of 1.0.'),
);

const namedItem = { Name: v.string(), Version: v.string(), Type: v.string() };

/** An item of the catalogue, which does not show its schema (docs/vendors/alibaba-governance.md 7.10). */
export const itemKindView = v.object({
  ...namedItem,
  Description: v.string(),
  DependsOn: v.array(v.object(namedItem)),
});

export function itemKindViewOf({ dependsOn, description, name }: ItemKind) {
  return { ...named(name), Description: description, DependsOn: dependsOn.map(named) };
}

interface ItemFilter {
  readonly Type?: string | undefined;
  readonly Names?: readonly string[] | undefined;
  readonly Versions?: readonly string[] | undefined;
}

/** Whether an item is of all that is asked for. An empty list asks for nothing, as one that is not given. */
export function isAskedFor(
  { name, version }: ItemKind,
  { Names = [], Type = ITEM_TYPE, Versions = [] }: ItemFilter,
): boolean {
  return (
    Type === ITEM_TYPE &&
    (Names.length === 0 || Names.includes(name)) &&
    (Versions.length === 0 || Versions.includes(version))
  );
}

function named(name: string) {
  return { Name: name, Version: ITEM_VERSION, Type: ITEM_TYPE };
}
