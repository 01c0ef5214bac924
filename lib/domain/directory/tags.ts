import { Refusal } from '#lib/errors.ts';

declare module '#lib/errors.ts' {
  interface Reasons {
    /** A resource would have more tags than it may, or the folders of a directory more than their row bears. */
    TagQuotaReached: Record<never, never>;
  }
}

/** Tags of a member or a folder: values by keys. */
export type Tags = Readonly<Record<string, string>>;

/** How many tags a member or a folder may have. */
export const MOST_TAGS = 20;

/** How much the tags of all folders of a directory may take, as UTF-8: they stand in one row, which most operations read. */
const MOST_FOLDER_TAG_BYTES = 100_000;

/** Which tags are wanted. */
export interface TagFilter {
  readonly Key: string;
  readonly Value?: string | undefined;
}

/** The tags with more, or other values of the same keys. Throws `TagQuotaReached`. */
export function withTags(tags: Tags, added: Tags): Tags {
  const all = { ...tags, ...added };
  if (Object.keys(all).length > MOST_TAGS) throw new Refusal('TagQuotaReached', {});
  return all;
}

/** The tags without those of some keys; of none if nothing is said. */
export function withoutTags(tags: Tags, keys: readonly string[] | undefined): Tags {
  if (keys === undefined) return {};
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !keys.includes(key)));
}

/** Whether all the wanted tags are there; a key alone stands for whatever value. */
export function areTagged(tags: Tags, wanted: readonly TagFilter[]): boolean {
  return wanted.every(({ Key, Value }) => Object.hasOwn(tags, Key) && (Value === undefined || tags[Key] === Value));
}

/** Throws `TagQuotaReached` if the tags of some folders are more than their row bears. */
export function refuseUnbearable(all: readonly (Tags | undefined)[]): void {
  const bytes = all.reduce((sum, tags) => sum + (tags ? Buffer.byteLength(JSON.stringify(tags)) : 0), 0);
  if (bytes > MOST_FOLDER_TAG_BYTES) throw new Refusal('TagQuotaReached', {});
}
