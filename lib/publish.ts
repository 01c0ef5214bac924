import type { Deps } from '#lib/deps.ts';
import type { StreamRecord } from '#lib/job.ts';
import type { Bus, PublishedEvent } from '#lib/ports.ts';
import { eventOf, fileUnderParties, type LedgerEvent } from '#lib/store/events.ts';
import { relationKey } from '#lib/store/keys.ts';
import { imageOf } from '#lib/store/streamImage.ts';

interface Parties {
  readonly parentUid: number;
  readonly childUid: number;
}

interface Delivery {
  readonly sequenceNumber: string;
  readonly event: LedgerEvent;
}

/**
 * Follows the ledger's stream: files each new event under both parties, then publishes it. Both may happen again for the same event;
 * the id tells. Answers the sequence number of the first event that was not published, from which the batch has to be
 * delivered again, or undefined when all were.
 */
export async function publishRecords(
  { table }: Deps,
  bus: Bus,
  records: readonly StreamRecord[],
): Promise<string | undefined> {
  const deliveries = records.flatMap(deliveryOf);
  if (deliveries.length === 0) return undefined;
  const relationIds = [...new Set(deliveries.map(({ event }) => event.relationId))];
  const rows = await table.getMany(relationIds.map(relationKey));
  const parties = new Map(relationIds.map((id, index) => [id, partiesOf(rows[index])]));
  const told = deliveries.map(({ event }) => ({ event, ...(parties.get(event.relationId) ?? nobody) }));
  await Promise.all(told.map(({ event, parentUid, childUid }) => fileUnderParties(table, event, parentUid, childUid)));
  const failed = new Set(await bus.publish(told.map(({ event, ...both }) => publishedOf(event, both))));
  return deliveries.find(({ event }) => failed.has(event.eventId))?.sequenceNumber;
}

const nobody: Parties = { parentUid: 0, childUid: 0 };

function deliveryOf({ eventName, dynamodb }: StreamRecord): Delivery[] {
  const image = eventName === 'INSERT' && dynamodb?.NewImage ? imageOf(dynamodb.NewImage) : undefined;
  if (image?.['type'] !== 'event') return [];
  return [{ sequenceNumber: dynamodb?.SequenceNumber ?? '', event: eventOf(image) }];
}

function partiesOf(row: Readonly<Record<string, unknown>> | undefined): Parties {
  return { parentUid: Number(row?.['parentUid'] ?? 0), childUid: Number(row?.['childUid'] ?? 0) };
}

function publishedOf(event: LedgerEvent, { parentUid, childUid }: Parties): PublishedEvent {
  const { actor, action, amount, eventId, from, relationId, requestId, timeMs, to } = event;
  return {
    id: eventId,
    type: event.event,
    time: new Date(timeMs).toISOString(),
    relationId,
    parentUid,
    childUid,
    actor,
    action,
    from,
    to,
    requestId,
    ...(amount !== undefined && { amount }),
  };
}
