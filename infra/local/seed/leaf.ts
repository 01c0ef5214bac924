import * as v from 'valibot';

/** A part of a JSON Schema. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** What a leaf of the form says of itself. */
export interface Leaf {
  /** How it ends the sentence `must be`. */
  readonly rule: string;
  readonly description: string;
  readonly json: JsonSchema;
}

/** A value of the form, which says in words and as JSON Schema what it may be. */
export function leaf<const Schema extends v.GenericSchema>(
  schema: Schema,
  rule: string,
  description: string,
  json: JsonSchema,
): v.SchemaWithPipe<readonly [Schema, v.MetadataAction<v.InferOutput<Schema>, Leaf & Record<string, unknown>>]> {
  return v.pipe(schema, v.metadata({ rule, description, json }));
}

/** One of some words. */
export function oneOf<const Words extends readonly [string, ...string[]]>(words: Words, description: string) {
  return leaf(v.picklist(words), `one of ${words.join(', ')}`, description, { enum: words });
}

/** Text of so many characters, on one line. A number is none: YAML has it in quotes. */
export function line(least: number, most: number, description: string) {
  const rule = `a text of ${least} to ${most} characters on one line, in quotes if it looks like a number`;
  const schema = v.pipe(v.string(), v.minLength(least), v.maxLength(most), v.regex(writable));
  return leaf(schema, rule, description, { type: 'string', minLength: least, maxLength: most });
}

/** Text without control characters, lone surrogates and non-characters, which the table or an answer could not hold. */
const writable = /^[^\p{Cc}\p{Surrogate}\uFFFE\uFFFF]*$/u;

/** A whole number from `least` to `most`. */
export function whole(least: number, most: number, description: string) {
  const schema = v.pipe(v.number(), v.safeInteger(), v.minValue(least), v.maxValue(most));
  const json = { type: 'integer', minimum: least, maximum: most };
  return leaf(schema, `a whole number from ${least} to ${most}`, description, json);
}

/** Yes or no. */
export function yesNo(description: string) {
  return leaf(v.boolean(), 'true or false', description, { type: 'boolean' });
}

/** Words, or numbers, and what each stands for. */
export function words<const Meaning extends string>(description: string, meanings: Readonly<Record<string, Meaning>>) {
  const known = Object.keys(meanings).toSorted((one, other) => Number(/^\d/.test(one)) - Number(/^\d/.test(other)));
  const schema = v.pipe(
    v.union([v.string(), v.pipe(v.number(), v.transform(String))]),
    v.check((word) => Object.hasOwn(meanings, word)),
    v.transform((word) => meaningOf(meanings, word)),
  );
  const json = { enum: known.flatMap((word) => (/^\d+$/.test(word) ? [Number(word), word] : [word])) };
  return leaf(schema, `one of ${known.join(', ')}`, description, json);
}

function meaningOf<Meaning>(meanings: Readonly<Record<string, Meaning>>, word: string): Meaning {
  const meaning = meanings[word];
  if (meaning === undefined) throw new Error(`${word} was checked to be one of the words`);
  return meaning;
}
