import type { LedgerEvent } from '#lib/domain/event.ts';
import { findAccessKey } from '#lib/store/accessKeys.ts';
import { openDirectories } from '#lib/store/directory/directories.ts';
import { eventKey, eventsOfOwner } from '#lib/store/keys.ts';
import { eventRow } from '#lib/store/ledger.ts';
import type { Query, Row, Table } from '#lib/table/table.ts';

/** Lists of events, newest first. */
export interface EventLists {
  /** At most `limit` events of one subject, older than the event with the id `before` if that is given. */
  ofSubject(subject: string, id: string | number, limit: number, before?: string): Promise<LedgerEvent[]>;
  /** The same of all subjects of an account. Some events are found here only after the stream has delivered them. */
  ofAccount(uid: number, limit: number, before?: string): Promise<LedgerEvent[]>;
}

/**
 * Which account may read what happened to a subject that is no relation, beside the operators. An account or a member is named by its uid;
 * records and invitations are nobody's.
 */
export async function findHolder(
  table: Table,
  { id, subject }: Pick<LedgerEvent, 'id' | 'subject'>,
): Promise<number | undefined> {
  if (typeof id === 'number') return id;
  if (subject === 'accessKey') return (await findAccessKey(table, id))?.uid;
  if (subject === 'directory') return (await openDirectories(table).findManager(id))?.uid;
  return undefined;
}

/** The event lists of a table. */
export function openEventLists(table: Table): EventLists {
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

/** Events come first in their partitions, in order of time; `~` sorts after every id. */
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
    // An event whose owner is also its counterparty is in both indexes.
    if (found.at(-1)?.eventId !== row['eventId']) found.push(eventRow.read(row));
    if (found.length === limit) break;
  }
  return found;
}

function newestFirst(one: Row, other: Row): number {
  return String(other['eventId']).localeCompare(String(one['eventId']), 'en');
}

/** Merges ordered streams into one ordered stream. Fetches the head of all at once, then only what is consumed. */
export async function* merged<T>(
  streams: readonly AsyncGenerator<T, void>[],
  order: (one: T, other: T) => number,
): AsyncGenerator<T, void> {
  let heads = await Promise.all(streams.map(headOf));
  try {
    for (;;) {
      const waiting = heads.filter((head) => head !== undefined);
      const first = waiting.toSorted((one, other) => order(one.value, other.value))[0];
      if (first === undefined) return;
      yield first.value;
      const next = await headOf(first.stream);
      heads = heads.map((head) => (head === first ? next : head));
    }
  } finally {
    await Promise.all(streams.map((stream) => stream.return()));
  }
}

async function headOf<T>(
  stream: AsyncGenerator<T, void>,
): Promise<{ stream: AsyncGenerator<T, void>; value: T } | undefined> {
  const { done, value } = await stream.next();
  return done ? undefined : { stream, value };
}
