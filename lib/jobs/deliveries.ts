import type { LedgerEvent } from '#lib/domain/event.ts';
import type { StreamRecord } from '#lib/jobs/job.ts';
import { eventRow, type Owners } from '#lib/store/ledger.ts';
import type { WriteItem } from '#lib/table/commit.ts';
import { imageOf } from '#lib/table/streamImage.ts';
import type { Key, Row, Table } from '#lib/table/table.ts';

/** What is published of the events of one kind of subject. */
export interface Subject {
  /** As its events call it. */
  readonly subject: string;
  /** As the bus calls it: the first word of the detail type, as in `Relation accept`. */
  readonly title: string;
  /** What it can be before and after an event, beside `nothing`. */
  readonly statuses: readonly string[];
  key(id: string | number): Key;
  /** Whose events these are, by the row of the subject. Throws when the row is malformed. */
  ownersIn(row: Row): Owners;
  /** What is counted of an event once it is known whose it is; of those that were filed when they were written, that was too. */
  readonly counted?: (event: LedgerEvent, owners: Owners) => readonly WriteItem[];
  /** What an event says of its subject: which it is, and whose. */
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
  /** Whether it was filed under them when it was written. */
  readonly isFiled: boolean;
}

interface Illegible {
  readonly sequenceNumber: string;
  readonly fault: string;
}

type Legible = Omit<Publication, 'owners'> & { readonly owners: Owners | undefined };

/** The new events among the changes of the table. What is damaged must not keep what is sound from being published. */
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

/** Whether an event could be read, and its subject. */
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
    // An event of nobody says so, with an empty list; one that says nothing is still to be filed.
    const owners = event.owners && ownersFrom(event.owners);
    return [{ sequenceNumber, event, subject, owners, isFiled: owners !== undefined }];
  } catch (error) {
    return [{ sequenceNumber, fault: String(error) }];
  }
}

/** Throws for an event that no subject has. */
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
