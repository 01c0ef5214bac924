import type { Deps } from '#lib/deps.ts';
import type { LedgerEvent } from '#lib/domain/event.ts';
import { type Delivery, deliveriesIn, isPublication, type Publication, type Subject } from '#lib/jobs/deliveries.ts';
import type { JobContext, StreamOutcome, StreamRecord } from '#lib/jobs/job.ts';
import type { Bus, PublishedEvent } from '#lib/jobs/needs.ts';
import type { LogRecord, Ports } from '#lib/ports.ts';
import { fileUnder } from '#lib/store/ledger.ts';
import type { Table } from '#lib/table/table.ts';

const JOB = 'publishEvents';

/**
 * Publishes the new events of the ledger, and first files those under their owners that were not filed when written. Both
 * may happen again for the same event, which its id shows. Answers the first event that was not published, from which the
 * batch has to be delivered again; later events are published all the same, unless they are of the same subject. An event
 * that cannot be read stays in the table. It is logged, counted and skipped, because reading it again would not help.
 */
export async function publishRecords(
  { bus, deps }: JobContext<'bus'>,
  subjects: readonly Subject[],
  records: readonly StreamRecord[],
): Promise<StreamOutcome> {
  const { ports, table } = deps;
  const deliveries = await deliveriesIn(records, subjects, table);
  const publications = deliveries.filter(isPublication);
  const filed = await Promise.all(publications.map((one) => file(one, table, ports.log)));
  const stalled = new Set(publications.filter((_, index) => !filed[index]).map(nameOf));
  const published: ReadonlySet<Delivery> = await publishInOrder(bus, publications, stalled, ports.log);
  await followUp(publications, subjects, deps);
  for (const one of deliveries) ports.log(recordOf(one, published.has(one)));
  return {
    again: publications.find((one) => !published.has(one))?.sequenceNumber,
    passedOver: deliveries.length - publications.length,
  };
}

/** Files an event, and answers whether it is filed. If not, it is not published either, because it will be delivered again. */
async function file({ event, isFiled, owners }: Publication, table: Table, log: Ports['log']): Promise<boolean> {
  if (isFiled) return true;
  try {
    await fileUnder(table, event, owners);
    return true;
  } catch (error) {
    log({ level: 'error', job: JOB, eventId: event.eventId, error: String(error) });
    return false;
  }
}

/** Does for each kind of subject what is left to do for those that have moved. No event waits for that: what fails is done with the next one. */
async function followUp(
  publications: readonly Publication[],
  subjects: readonly Subject[],
  { ports, table }: Deps,
): Promise<void> {
  for (const subject of subjects) {
    const moved = publications.filter((one) => one.subject === subject && isMove(one.event));
    try {
      if (moved.length > 0) await subject.follow?.(table, moved, ports.now());
    } catch (error) {
      ports.log({ level: 'error', job: JOB, subject: subject.subject, error: String(error) });
    }
  }
}

/** Whether the subject had another status before. */
function isMove({ from, to }: LedgerEvent): boolean {
  return from !== 'nothing' && from !== to;
}

/**
 * Publishes in rounds, so that the events of a subject are published one after the other, and none after one that failed.
 * `stalled` are the subjects that already have such an event. Answers the events that were published.
 */
async function publishInOrder(
  bus: Bus,
  publications: readonly Publication[],
  stalled: Set<string>,
  log: Ports['log'],
): Promise<Set<Publication>> {
  const published = new Set<Publication>();
  let waiting = inTheirOrder(publications);
  for (;;) {
    waiting = waiting.filter((one) => !stalled.has(nameOf(one)));
    const firsts = new Map(waiting.toReversed().map((one) => [nameOf(one), one]));
    const round = waiting.filter((one) => firsts.get(nameOf(one)) === one);
    if (round.length === 0) return published;
    const refused = new Set(await refusedOf(bus, round.map(publishedOf), log));
    for (const one of round) {
      if (refused.has(one.event.eventId)) stalled.add(nameOf(one));
      else published.add(one);
    }
    waiting = waiting.filter((one) => !round.includes(one));
  }
}

/** In the order of the stream, but events of one transaction, which the stream delivers in any order, by their ids. */
function inTheirOrder(publications: readonly Publication[]): readonly Publication[] {
  const callOf = (one: Publication) => `${nameOf(one)} ${one.event.requestId}`;
  const places = new Map(publications.toReversed().map((one) => [callOf(one), publications.indexOf(one)]));
  const place = (one: Publication) => places.get(callOf(one)) ?? 0;
  return publications.toSorted(
    (one, other) => place(one) - place(other) || (one.event.eventId < other.event.eventId ? -1 : 1),
  );
}

/** The ids of the events that the bus did not take. If it fails, all of this round count as not taken. */
async function refusedOf(bus: Bus, events: readonly PublishedEvent[], log: Ports['log']): Promise<string[]> {
  try {
    return await bus.publish(events);
  } catch (error) {
    log({ level: 'error', job: JOB, error: String(error) });
    return events.map(({ detail }) => detail.id);
  }
}

/** Names the subject of an event among all subjects. */
function nameOf({ event }: Publication): string {
  return `${event.subject} ${event.id}`;
}

/** Has the id of the request that caused the event, so that it can be followed from there to the bus. */
function recordOf(delivery: Delivery, isPublished: boolean): LogRecord {
  if ('fault' in delivery) return { level: 'error', job: JOB, ...delivery, isPublished };
  const { eventId, id, requestId, subject } = delivery.event;
  return { level: isPublished ? 'info' : 'error', job: JOB, requestId, eventId, subject, id, isPublished };
}

function publishedOf({ event, owners, subject }: Publication): PublishedEvent {
  const { actor, actorKeyId, action, eventId, from, requestId, timeMs, to } = event;
  const time = new Date(timeMs).toISOString();
  const by = { actor, ...(actorKeyId !== undefined && { actorKeyId }) };
  const detail = { ...subject.detailOf(event, owners), ...by, action, from, to, requestId, ...event.facts };
  return { detailType: `${subject.title} ${event.event}`, detail: { id: eventId, type: event.event, time, ...detail } };
}
