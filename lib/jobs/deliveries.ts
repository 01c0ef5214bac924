import type { StreamRecord } from '#lib/jobs/job.ts';
import { eventOf, type LedgerEvent } from '#lib/store/events.ts';
import { relationKey } from '#lib/store/keys.ts';
import { relationOf } from '#lib/store/relations/rows.ts';
import { imageOf } from '#lib/store/streamImage.ts';
import type { Row, Table } from '#lib/store/table.ts';

/** A new event as the stream delivers it; or why it can be told to nobody. */
export type Delivery = Legible | Illegible;

interface Legible {
  readonly sequenceNumber: string;
  readonly event: LedgerEvent;
}

interface Illegible {
  readonly sequenceNumber: string;
  readonly fault: string;
}

/** An event with the parties of its relation. */
export interface Telling extends Legible {
  readonly parentUid: number;
  readonly childUid: number;
}

/** The new events among the changes of the table, each with the parties of its relation, or with why it cannot be read. */
export async function deliveriesIn(records: readonly StreamRecord[], table: Table): Promise<Delivery[]> {
  return withParties(records.flatMap(deliveryOf), table);
}

/** Whether an event could be read, and its relation. */
export function isTelling(delivery: Delivery): delivery is Telling {
  return 'parentUid' in delivery;
}

function deliveryOf({ eventName, dynamodb }: StreamRecord): Delivery[] {
  const image = eventName === 'INSERT' && dynamodb?.NewImage ? imageOf(dynamodb.NewImage) : undefined;
  if (image?.['type'] !== 'event') return [];
  const sequenceNumber = dynamodb?.SequenceNumber ?? '';
  return [legible(sequenceNumber, () => ({ event: eventOf(image) }))];
}

async function withParties(deliveries: readonly Delivery[], table: Table): Promise<Delivery[]> {
  const relationIds = deliveries.flatMap((one) => ('event' in one ? one.event.relationId : []));
  const rows = relationIds.length > 0 ? await table.getMany(relationIds.map(relationKey)) : [];
  const rowOf = new Map(relationIds.map((id, index) => [id, rows[index]]));
  return deliveries.map((one) =>
    'event' in one
      ? legible(one.sequenceNumber, () => ({ ...one, ...partiesOf(rowOf.get(one.event.relationId)) }))
      : one,
  );
}

/** What is damaged must not keep what is sound from being told. */
function legible<Read extends { readonly event: LedgerEvent }>(
  sequenceNumber: string,
  read: () => Read,
): (Read & Legible) | Illegible {
  try {
    return { ...read(), sequenceNumber };
  } catch (error) {
    return { sequenceNumber, fault: String(error) };
  }
}

function partiesOf(row: Row | undefined): Pick<Telling, 'parentUid' | 'childUid'> {
  if (row === undefined) throw new Error('the relation of the event is not in the table');
  const { parentUid, childUid } = relationOf(row);
  return { parentUid, childUid };
}
