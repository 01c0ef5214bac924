import type { Deps } from '#lib/deps.ts';
import { type Delivery, deliveriesIn, isTelling, type Telling } from '#lib/jobs/deliveries.ts';
import type { StreamOutcome, StreamRecord } from '#lib/jobs/job.ts';
import type { Bus, LogRecord, Ports, PublishedEvent } from '#lib/ports.ts';
import { fileUnderParties } from '#lib/store/events.ts';
import type { Table } from '#lib/table/table.ts';

const JOB = 'publishEvents';

/**
 * Follows the ledger's stream: files each new event under both parties, then publishes it. Both may happen again for the same event;
 * the id tells. Answers from which event on the batch has to be delivered again: the first that was not published. What follows
 * it is published all the same, unless of the same relation. What cannot be read never will be: it is logged, counted and passed
 * over, for the stream would wait for it in vain. It stays in the table.
 */
export async function publishRecords(
  { ports, table }: Deps,
  bus: Bus,
  records: readonly StreamRecord[],
): Promise<StreamOutcome> {
  const deliveries = await deliveriesIn(records, table);
  const tellings = deliveries.filter(isTelling);
  const filed = await Promise.all(tellings.map((one) => isFiled(one, table, ports.log)));
  const unfiled = tellings.filter((_, index) => !filed[index]).map(({ event }) => event.relationId);
  const published: ReadonlySet<Delivery> = await publishInOrder(bus, tellings, new Set(unfiled), ports.log);
  for (const one of deliveries) ports.log(recordOf(one, published.has(one)));
  return {
    again: tellings.find((one) => !published.has(one))?.sequenceNumber,
    illegible: deliveries.length - tellings.length,
  };
}

/** Files an event; one that could not be is not told either, for it will come again. */
async function isFiled(telling: Telling, table: Table, log: Ports['log']): Promise<boolean> {
  try {
    await fileUnderParties(table, telling.event, telling);
    return true;
  } catch (error) {
    log({ level: 'error', job: JOB, eventId: telling.event.eventId, error: String(error) });
    return false;
  }
}

/**
 * In rounds, so that of each relation an event is published once those before it have been, and none of a relation that is
 * stalled. Answers those that were.
 */
async function publishInOrder(
  bus: Bus,
  tellings: readonly Telling[],
  stalled: Set<number>,
  log: Ports['log'],
): Promise<Set<Telling>> {
  const published = new Set<Telling>();
  let waiting = inTheirOrder(tellings);
  for (;;) {
    waiting = waiting.filter(({ event }) => !stalled.has(event.relationId));
    const round = waiting.filter((one, index) => waiting.findIndex((other) => isOfSame(one, other)) === index);
    if (round.length === 0) return published;
    const refused = new Set(await refusedOf(bus, round.map(publishedOf), log));
    for (const one of round) {
      if (refused.has(one.event.eventId)) stalled.add(one.event.relationId);
      else published.add(one);
    }
    waiting = waiting.filter((one) => !round.includes(one));
  }
}

/** As the stream has them; but two of one transaction, which reach it in any order, by their ids. */
function inTheirOrder(tellings: readonly Telling[]): readonly Telling[] {
  const isOfOneCall = (one: Telling, other: Telling) =>
    isOfSame(one, other) && one.event.requestId === other.event.requestId;
  const placeOf = new Map(tellings.map((one) => [one, tellings.findIndex((other) => isOfOneCall(one, other))]));
  const place = (one: Telling) => placeOf.get(one) ?? 0;
  return tellings.toSorted(
    (one, other) => place(one) - place(other) || (one.event.eventId < other.event.eventId ? -1 : 1),
  );
}

/** A bus that fails has taken nothing, as far as anybody knows; what it took in earlier rounds is not to be told again for that. */
async function refusedOf(bus: Bus, events: readonly PublishedEvent[], log: Ports['log']): Promise<string[]> {
  try {
    return await bus.publish(events);
  } catch (error) {
    log({ level: 'error', job: JOB, error: String(error) });
    return events.map(({ id }) => id);
  }
}

function isOfSame(one: Telling, other: Telling): boolean {
  return one.event.relationId === other.event.relationId;
}

/** Names the call that caused the event, so that it can be followed from the request to whoever was told. */
function recordOf(delivery: Delivery, isPublished: boolean): LogRecord {
  if ('fault' in delivery) return { level: 'error', job: JOB, ...delivery, isPublished };
  const { eventId, relationId, requestId } = delivery.event;
  return { level: isPublished ? 'info' : 'error', job: JOB, requestId, eventId, relationId, isPublished };
}

function publishedOf({ event, parentUid, childUid }: Telling): PublishedEvent {
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
