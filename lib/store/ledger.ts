import * as v from 'valibot';
import type { Call, Caller } from '#lib/call.ts';
import type { LedgerEvent } from '#lib/domain/event.ts';
import { eventKey, eventsOfOwner } from '#lib/store/keys.ts';
import { commit, type WriteItem } from '#lib/table/commit.ts';
import { create, neverRefused, present, update } from '#lib/table/items.ts';
import { merged } from '#lib/table/merged.ts';
import { rowKind } from '#lib/table/rowKind.ts';
import type { Key, Query, Row, Table } from '#lib/table/table.ts';

/**
 * The accounts an event is filed under: its subject's owner and, if it has one, the counterparty. Of what is nobody's, none: such an
 * event is found by its subject alone.
 */
export type Owners = readonly [ownerUid?: number, counterpartyUid?: number];

/** What an event says beside who did what: values of its subject's own, such as an amount. */
export type Facts = Readonly<Record<string, string | number | boolean>>;

/**
 * The row of an event. In the first schema every event was of a relation; until the third none said which operator acted, until the fourth
 * none was brought about by the bearer of a link.
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
  ],
});

/** What happened to a subject, before it is known by whom and when. */
export interface Happening {
  /** What the subject is, and which one. */
  readonly subject: string;
  readonly id: string | number;
  /** Whose event it is, if that is known when it is written; else it is filed once the stream delivers it. */
  readonly owners?: Owners | undefined;
  readonly event: string;
  readonly from: string;
  readonly to: string;
  readonly facts?: Facts;
}

/** The record of what happened, by whom, when, in which call: written with it, never without. */
export function eventRecord({ owners, ...happening }: Happening, call: Call): WriteItem {
  const { action, caller, newEventId, nowMs, requestId } = call;
  const eventId = newEventId();
  const actorKeyId = actorKeyIdOf(caller);
  const actor = { actor: actorOf(caller), ...(actorKeyId !== undefined && { actorKeyId }) };
  const event: LedgerEvent = { eventId, ...happening, action, ...actor, timeMs: nowMs, requestId };
  const key = eventKey(happening.subject, happening.id, eventId);
  return create(eventRow.row(key, { ...event, ...(owners && filed(key, owners)) }), neverRefused);
}

/** Files an event under its owners, and writes what follows from that with it: once, however often this is done. */
export async function fileUnder(
  table: Table,
  { eventId, id, subject }: LedgerEvent,
  owners: Owners,
  following: readonly WriteItem[] = [],
): Promise<void> {
  const key = eventKey(subject, id, eventId);
  const isFiled = new Error('the event is filed already');
  const refused = (row: Row | undefined) => (row?.['owners'] === undefined ? neverRefused(row) : isFiled);
  const conditions = [present, { text: 'attribute_not_exists(#owners)' }];
  try {
    await commit(table, [update(key, { set: filed(key, owners) }, conditions, refused), ...following]);
  } catch (error) {
    if (error !== isFiled) throw error;
  }
}

function filed({ sk }: Key, owners: Owners): Record<string, unknown> {
  const [owner, counterparty] = owners;
  return {
    owners: owners.filter((uid) => uid !== undefined),
    ...(owner !== undefined && { gsi1pk: eventsOfOwner('gsi1', owner), gsi1sk: sk }),
    ...(counterparty !== undefined && { gsi2pk: eventsOfOwner('gsi2', counterparty), gsi2sk: sk }),
  };
}

/** What happened, newest first. */
export interface LedgerOfEvents {
  /** The events of one subject, at most `limit`, those before the event `before` if given. */
  ofSubject(subject: string, id: string | number, limit: number, before?: string): Promise<LedgerEvent[]>;
  /** The events of all subjects of an account, likewise; some are found here only once they have gone through the stream. */
  ofAccount(uid: number, limit: number, before?: string): Promise<LedgerEvent[]>;
}

/** The ledger of a table. */
export function openLedger(table: Table): LedgerOfEvents {
  return {
    ofSubject(subject, id, limit, before) {
      const { pk } = eventKey(subject, id, '');
      return newest(table, [older('pk', pk, 'sk', before)], limit);
    },
    ofAccount(uid, limit, before) {
      const queries = (['gsi1', 'gsi2'] as const).map((IndexName) => ({
        IndexName,
        ...older(`${IndexName}pk`, eventsOfOwner(IndexName, uid), `${IndexName}sk`, before),
      }));
      return newest(table, queries, limit);
    },
  };
}

/** Events stand first in their partitions, in order of time; `~` comes after every id. */
function older(hash: string, owner: string, range: string, before = '~'): Query {
  return {
    KeyConditionExpression: `${hash} = :owner AND ${range} < :before`,
    ExpressionAttributeValues: { ':owner': owner, ':before': `EVENT#${before}` },
    ScanIndexForward: false,
  };
}

async function newest(table: Table, queries: readonly Query[], limit: number): Promise<LedgerEvent[]> {
  const streams = queries.map((query) => table.query(query, limit));
  const found: LedgerEvent[] = [];
  for await (const row of merged(streams, newestFirst)) {
    // An event whose owner is its counterparty too stands in both indexes.
    if (found.at(-1)?.eventId !== row['eventId']) found.push(eventRow.read(row));
    if (found.length === limit) break;
  }
  return found;
}

function newestFirst(one: Row, other: Row): number {
  return String(other['eventId']).localeCompare(String(one['eventId']), 'en');
}

/** Who acts, as records name it: an account's uid, or `operator`, `clock` or `bearer`. */
export function actorOf(caller: Caller): LedgerEvent['actor'] {
  return caller.kind === 'account' ? caller.uid : caller.kind;
}

/** The key by which an operator acts: that alone tells one operator from another. An account is told by its uid. */
function actorKeyIdOf(caller: Caller): string | undefined {
  return caller.kind === 'operator' ? caller.keyId : undefined;
}
