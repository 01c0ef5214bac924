import { allOf, type Fragment, namesIn } from '#lib/table/expressions.ts';
import type { Query } from '#lib/table/table.ts';

/** Which members of a list are wanted; all of them if nothing is said. */
export interface MemberFilter {
  /** A part of the display name, in whatever case. */
  readonly keyword?: string | undefined;
  /** All of these a member has to have; one without a value stands for any. */
  readonly tags: readonly { readonly Key: string; readonly Value?: string | undefined }[];
}

/** The query of those that are wanted; undefined if all are. */
export function filteredBy(list: Query, { keyword, tags }: MemberFilter): Query | undefined {
  const conditions: Fragment[] = [
    ...(keyword ? [{ text: 'contains(#soughtAs, :keyword)', values: { ':keyword': keyword.toLowerCase() } }] : []),
    ...tags.map(({ Value }, index) => bearing(index, Value)),
  ];
  if (conditions.length === 0) return undefined;
  const { text, values } = allOf(conditions);
  // A tag may be named as no placeholder can be.
  const keys = Object.fromEntries(tags.map(({ Key }, index) => [`#tag${index}`, Key]));
  return {
    ...list,
    FilterExpression: text,
    ExpressionAttributeNames: { ...namesIn(text), ...keys },
    ExpressionAttributeValues: { ...list.ExpressionAttributeValues, ...values },
  };
}

function bearing(index: number, value: string | undefined): Fragment {
  if (value === undefined) return { text: `attribute_exists(#tags.#tag${index})` };
  return { text: `#tags.#tag${index} = :tag${index}`, values: { [`:tag${index}`]: value } };
}
