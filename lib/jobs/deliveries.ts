import type { LedgerEvent } from '#lib/domain/event.ts';
import type { StreamRecord } from '#lib/jobs/job.ts';
import { eventRow, type Moved, type Owners } from '#lib/store/ledger.ts';
import { imageOf } from '#lib/table/rowKind.ts';
import type { Key, Row, Table } from '#lib/table/table.ts';

/** How the events of one kind of subject are published. */
export interface Subject {
  /** Its name in events. */
  readonly subject: string;
  /** Its name on the bus: the first word of the detail type, as in `Relation accept`. */
  readonly title: string;
  /** Its possible statuses before and after an event, besides `nothing`. */
  readonly statuses: readonly string[];
  key(id: string | number): Key;
  /** The owners of its events, by the subject's row. Throws when the row is malformed. */
  ownersIn(row: Row): Owners;
  /** Does what is left to do once subjects have moved, at `nowMs`, epoch ms. May be done again, or be left to a later time. */
  readonly follow?: (table: Table, moved: readonly Moved[], nowMs: number) => Promise<void>;
  /** The part of a published event that names the subject and its owners. */
  detailOf(event: LedgerEvent, owners: Owners): Readonly<Record<string, unknown>>;
}

/** A new event as the stream delivers it; or why it cannot be published. */
export type Delivery = Publication | Illegible;

/** An event that can be published: its subject and whose it is are known. */
export interface Publication {
  readonly sequenceNumber: string;
  readonly event: LedgerEvent;
  readonly subject: Subject;
  readonly owners: Owners;
  /** Whether it was filed when it was written. */
  readonly isFiled: boolean;
}

interface Illegible {
  readonly sequenceNumber: string;
  readonly fault: string;
}

type Legible = Omit<Publication, 'owners'> & { readonly owners: Owners | undefined };

/** The new events among changes of the table. An event that cannot be read must not hold up the others. */
export async function deliveriesIn(
  records: readonly StreamRecord[],
  subjects: readonly Subject[],
  table: Table,
): Promise<Delivery[]> {
  const read = records.flatMap((record) => legibleIn(record, subjects));
  const unfiled = read.filter(isUnfiled);
  const rows =
    unfiled.length === 0 ? [] : await table.getMany(unfiled.map(({ event, subject }) => subject.key(event.id)));
  const rowOf = new Map(unfiled.map((one, index) => [one, rows[index]]));
  return read.map((one) => ('fault' in one ? one : withOwners(one, isUnfiled(one) ? rowOf.get(one) : undefined)));
}

/** Whether the event, and its subject, could be read. */
export function isPublication(delivery: Delivery): delivery is Publication {
  return 'event' in delivery;
}

function isUnfiled(one: Legible | Illegible): one is Legible {
  return 'event' in one && one.owners === undefined;
}

function legibleIn({ eventName, dynamodb }: StreamRecord, subjects: readonly Subject[]): (Legible | Illegible)[] {
  const image = eventName === 'INSERT' && dynamodb?.NewImage ? imageOf(dynamodb.NewImage) : undefined;
  if (image?.['type'] !== eventRow.type) return [];
  const sequenceNumber = dynamodb?.SequenceNumber ?? '';
  try {
    const event = eventRow.read(image);
    const subject = subjectOf(event, subjects);
    // An event without owners has an empty list; one without a list has not been filed yet.
    const owners = event.owners && ownersFrom(event.owners);
    return [{ sequenceNumber, event, subject, owners, isFiled: owners !== undefined }];
  } catch (error) {
    return [{ sequenceNumber, fault: String(error) }];
  }
}

/** Throws for an unknown subject or status. */
function subjectOf({ from, subject: name, to }: LedgerEvent, subjects: readonly Subject[]): Subject {
  const subject = subjects.find((one) => one.subject === name);
  if (subject === undefined) throw new Error(`nothing says how events of a ${name} are published`);
  const unknown = [from, to].find((status) => status !== 'nothing' && !subject.statuses.includes(status));
  if (unknown !== undefined) throw new Error(`a ${name} is never ${unknown}`);
  return subject;
}

function ownersFrom([owner, counterparty]: readonly number[]): Owners {
  if (owner === undefined) return [];
  return counterparty === undefined ? [owner] : [owner, counterparty];
}

function withOwners(one: Legible, row: Row | undefined): Delivery {
  const { event, owners, sequenceNumber, subject } = one;
  if (owners !== undefined) return { ...one, owners };
  try {
    if (row === undefined) throw new Error(`the ${event.subject} of the event is not in the table`);
    return { ...one, owners: subject.ownersIn(row) };
  } catch (error) {
    return { sequenceNumber, fault: String(error) };
  }
}
