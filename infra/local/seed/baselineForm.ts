import * as v from 'valibot';
import { leaf, line, oneOf, yesNo } from '#infra/local/seed/leaf.ts';
import { itemKinds } from '#lib/domain/governance/catalogue.ts';
import { ITEM_VERSION } from '#lib/domain/governance/itemKind.ts';

const [firstItem = '', ...otherItems] = itemKinds.map(({ name }) => name);

/** What an item takes: as a mapping here, as JSON text in the vendor's own form, which is kept byte for byte. */
const config = leaf(
  v.pipe(
    v.union([v.string(), v.record(v.string(), v.unknown())]),
    v.transform((said) => (typeof said === 'string' ? said : JSON.stringify(said))),
    v.maxBytes(32_768),
  ),
  'what the item takes: a mapping, or JSON as one text',
  'What the item takes: a mapping, or JSON as one text, which is kept byte for byte.',
  { type: ['object', 'string'] },
);

const item = v.strictObject({
  name: oneOf([firstItem, ...otherItems], 'The item of the account factory.'),
  version: v.optional(oneOf([ITEM_VERSION], 'Its version.'), ITEM_VERSION),
  config: v.optional(config),
});

/** A baseline of a directory. */
export const baseline = v.strictObject({
  system: v.optional(
    yesNo("Whether it is the directory's system baseline, which is there anyway, that looks so."),
    false,
  ),
  id: v.optional(
    leaf(
      v.pipe(v.string(), v.regex(/^afb-[0-9a-z]{20}$/)),
      'afb- and 20 small letters or digits',
      'Its id; drawn unless given. The system baseline has its own.',
      { type: 'string', pattern: '^afb-[0-9a-z]{20}$' },
    ),
  ),
  name: line(0, 128, 'Its name, by which it is known again when the seed is loaded again.'),
  description: v.optional(line(0, 1024, 'What it is for.'), ''),
  items: v.optional(v.array(item), []),
});
