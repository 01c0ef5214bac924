import type { LedgerEvent } from '#lib/domain/relation/event.ts';
import type { StreamRecord } from '#lib/jobs/job.ts';
import { eventOf } from '#lib/store/events.ts';
import { relationIdOf, relationKey } from '#lib/store/keys.ts';
import { relationOf } from '#lib/store/relations/rows.ts';
import { imageOf } from '#lib/table/streamImage.ts';
import type { Row, Table } from '#lib/table/table.ts';

/** A new event as the stream delivers it; or why it can be told to nobody. */
export type Delivery = Telling | Illegible;

/** An event with the parties of its relation. */
export interface Telling {
  readonly sequenceNumber: string;
  readonly event: LedgerEvent;
  readonly parentUid: number;
  readonly childUid: number;
}

interface Illegible {
  readonly sequenceNumber: string;
  readonly fault: string;
}

/** A row of an event as it was inserted. */
interface Inserted {
  readonly sequenceNumber: string;
  readonly image: Readonly<Record<string, unknown>>;
}

/** The new events among the changes of the table. What is damaged must not keep what is sound from being told. */
export async function deliveriesIn(records: readonly StreamRecord[], table: Table): Promise<Delivery[]> {
  const inserted = records.flatMap(eventIn);
  if (inserted.length === 0) return [];
  const rows = await table.getMany(inserted.map(({ image }) => relationKey(relationIdIn(image))));
  return inserted.map((one, index) => deliveryOf(one, rows[index]));
}

/** Whether an event could be read, and its relation. */
export function isTelling(delivery: Delivery): delivery is Telling {
  return 'event' in delivery;
}

function eventIn({ eventName, dynamodb }: StreamRecord): Inserted[] {
  const image = eventName === 'INSERT' && dynamodb?.NewImage ? imageOf(dynamodb.NewImage) : undefined;
  if (image?.['type'] !== 'event') return [];
  return [{ sequenceNumber: dynamodb?.SequenceNumber ?? '', image }];
}

/** An event stands with its relation. */
function relationIdIn({ pk, sk }: Inserted['image']): number {
  return relationIdOf({ pk: String(pk), sk: String(sk) });
}

function deliveryOf({ image, sequenceNumber }: Inserted, row: Row | undefined): Delivery {
  try {
    const event = eventOf(image);
    if (row === undefined) throw new Error('the relation of the event is not in the table');
    const { parentUid, childUid } = relationOf(row);
    return { sequenceNumber, event, parentUid, childUid };
  } catch (error) {
    return { sequenceNumber, fault: String(error) };
  }
}
