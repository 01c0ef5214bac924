import * as v from 'valibot';
import type { Call } from '#lib/call.ts';
import { Refusal } from '#lib/errors.ts';
import { memberNameKey } from '#lib/store/keys.ts';
import { Stale, type Write, type WriteItem } from '#lib/table/commit.ts';
import { anyOf, type Fragment } from '#lib/table/expressions.ts';
import { absent, neverRefused, put, remove, update } from '#lib/table/items.ts';
import { rowKind } from '#lib/table/rowKind.ts';

/** The holder of a display name in a directory. A name that is only reserved says until when, epoch ms; then it is free. */
export const memberNameRow = rowKind({
  type: 'memberName',
  shape: v.object({ holder: v.string(), untilMs: v.optional(v.number()) }),
});

/** Claims a display name in a directory, until a time, epoch ms, if one is given. Refused with `DisplayNameTaken`. */
export function claimName(
  managementUid: number,
  displayName: string,
  holder: string,
  { now }: Call,
  untilMs?: number,
): WriteItem {
  const row = memberNameRow.row(memberNameKey(managementUid, displayName), {
    holder,
    ...(untilMs !== undefined && { untilMs }),
  });
  const isFree = anyOf([absent, { text: '#untilMs <= :nowMs', values: { ':nowMs': now } }, heldBy(holder)]);
  return put(row, [isFree], () => new Refusal('DisplayNameTaken', { displayName }));
}

/** Gives up a name that is only reserved: it lapses now. `otherwise` is written instead if it is not the holder's any more. */
export function releaseName(
  managementUid: number,
  displayName: string,
  holder: string,
  nowMs: number,
  otherwise: () => Write,
): WriteItem {
  const pending: Fragment = { text: 'attribute_exists(#untilMs)' };
  const key = memberNameKey(managementUid, displayName);
  return update(key, { set: { untilMs: nowMs } }, [pending, heldBy(holder)], otherwise);
}

/** Gives up a display name that its holder has. */
export function freeName(managementUid: number, displayName: string, holder: string): WriteItem {
  return remove(memberNameKey(managementUid, displayName), [heldBy(holder)], (row) =>
    row ? new Stale() : neverRefused(row),
  );
}

function heldBy(holder: string): Fragment {
  return { text: '#holder = :holder', values: { ':holder': holder } };
}
