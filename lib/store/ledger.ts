import * as v from 'valibot';
import type { Call, Caller } from '#lib/call.ts';
import type { LedgerEvent } from '#lib/domain/event.ts';
import { eventKey, eventsOfOwner } from '#lib/store/keys.ts';
import { commit, type WriteItem } from '#lib/table/commit.ts';
import { create, neverRefused, present, update } from '#lib/table/items.ts';
import { rowKind } from '#lib/table/rowKind.ts';
import type { Key, Row, Table } from '#lib/table/table.ts';

/**
 * The accounts an event is filed under: the owner of its subject and, if there is one, the counterparty. An event of a
 * subject without an owner is found by its subject only.
 */
export type Owners = readonly [ownerUid?: number, counterpartyUid?: number];

/** Further values of an event, particular to its subject, such as an amount. */
export type Facts = Readonly<Record<string, string | number | boolean>>;

/**
 * The row of an event. In the first schema every event was of a relation; before the third none named the operator's key;
 * before the fourth none was caused by the bearer of a link. Some of the fifth said whether they were counted, which no event is any more.
 */
export const eventRow = rowKind({
  type: 'event',
  shape: v.object({
    eventId: v.string(),
    subject: v.string(),
    id: v.union([v.number(), v.string()]),
    owners: v.optional(v.array(v.number())),
    event: v.string(),
    from: v.string(),
    to: v.string(),
    facts: v.optional(v.record(v.string(), v.union([v.string(), v.number(), v.boolean()]))),
    action: v.string(),
    actor: v.union([v.number(), v.picklist(['operator', 'clock', 'bearer'])]),
    actorKeyId: v.optional(v.string()),
    timeMs: v.number(),
    requestId: v.string(),
  }),
  upgrades: [
    ({ amount, relationId, ...event }) => ({
      ...event,
      subject: 'relation',
      id: relationId,
      ...(amount !== undefined && { facts: { amount } }),
    }),
    (event) => event,
    (event) => event,
    (event) => event,
    ({ counted, ...event }) => event,
  ],
});

/** An event to be recorded; the call adds who acted, and when. */
export interface NewEvent {
  /** The kind of subject, and which one of them. */
  readonly subject: string;
  readonly id: string | number;
  /** Left out if they are not known yet: then the event is filed when the stream delivers it. */
  readonly owners?: Owners | undefined;
  readonly event: string;
  readonly from: string;
  readonly to: string;
  readonly facts?: Facts;
}

/** The record of an event, to be written in the same transaction as what happened. */
export function eventRecord({ event, facts, from, id, owners, subject, to }: NewEvent, call: Call): WriteItem {
  const { action, caller, newEventId, nowMs, requestId } = call;
  const eventId = newEventId();
  const actorKeyId = actorKeyIdOf(caller);
  const key = eventKey(subject, id, eventId);
  const recorded = {
    eventId,
    subject,
    id,
    event,
    from,
    to,
    action,
    actor: actorOf(caller),
    timeMs: nowMs,
    requestId,
    ...(facts && { facts }),
    ...(actorKeyId !== undefined && { actorKeyId }),
    ...(owners && filed(key, owners)),
  } satisfies LedgerEvent;
  return create(eventRow.row(key, recorded), neverRefused);
}

/** A subject that an event has moved, and whose it is. */
export interface Moved {
  readonly event: Pick<LedgerEvent, 'id'>;
  readonly owners: Owners;
}

/** Files an event under its owners: once, however often this is called. */
export async function fileUnder(table: Table, { eventId, id, subject }: LedgerEvent, owners: Owners): Promise<void> {
  const key = eventKey(subject, id, eventId);
  const isFiled = new Error('the event is filed already');
  const refused = (row: Row | undefined) => (row?.['owners'] === undefined ? neverRefused(row) : isFiled);
  const conditions = [present, { text: 'attribute_not_exists(#owners)' }];
  try {
    await commit(table, [update(key, { set: filed(key, owners) }, conditions, refused)]);
  } catch (error) {
    if (error !== isFiled) throw error;
  }
}

function filed({ sk }: Key, owners: Owners) {
  const [owner, counterparty] = owners;
  return {
    owners: owners.filter((uid) => uid !== undefined),
    ...(owner !== undefined && { gsi1pk: eventsOfOwner('gsi1', owner), gsi1sk: sk }),
    ...(counterparty !== undefined && { gsi2pk: eventsOfOwner('gsi2', counterparty), gsi2sk: sk }),
  };
}

/** Who acts, as events name it: the uid of an account, `operator`, `clock` or `bearer`. */
export function actorOf(caller: Caller): LedgerEvent['actor'] {
  return caller.kind === 'account' ? caller.uid : caller.kind;
}

/** The key an operator signed with, which tells one operator from another. An account is named by its uid. */
function actorKeyIdOf(caller: Caller): string | undefined {
  return caller.kind === 'operator' ? caller.keyId : undefined;
}
