import { marshall } from '@aws-sdk/util-dynamodb';
import type { Deps } from '#lib/deps.ts';
import type { StreamRecord } from '#lib/jobs/job.ts';
import type { Bus, EventDetail } from '#lib/jobs/needs.ts';
import type { Parties } from '#test/bss/parties.ts';
import type { Estate } from '#test/support/estate.ts';
import { allOf } from '#test/workers/overdue.ts';

/** A new row as the stream delivers it. */
export function inserted(row: Record<string, unknown>, sequenceNumber: string): StreamRecord {
  const NewImage = marshall(row, { removeUndefinedValues: true });
  return { eventName: 'INSERT', dynamodb: { SequenceNumber: sequenceNumber, NewImage } };
}

/** All events of an estate as the stream delivers them: in the order of writing, numbered from 100. */
export async function streamOf(estate: Estate): Promise<StreamRecord[]> {
  const events = (await allOf(estate, 'event')).toSorted((one, other) =>
    String(one['eventId']) < String(other['eventId']) ? -1 : 1,
  );
  return events.map((event, index) => inserted(event, String(100 + index)));
}

/** A bus that remembers what it took. `refuses` makes it refuse single events, `breaks` makes whole calls fail. */
export interface FakeBus extends Bus {
  readonly heard: EventDetail[];
  refuses: (event: EventDetail) => boolean;
  breaks: () => boolean;
}

export function fakeBus(): FakeBus {
  const bus: FakeBus = {
    heard: [],
    refuses: () => false,
    breaks: () => false,
    async publish(published) {
      const events = published.map(({ detail }) => detail);
      if (bus.breaks()) throw new Error('the bus is down');
      const refused = events.filter(bus.refuses);
      bus.heard.push(...events.filter((event) => !refused.includes(event)));
      return refused.map(({ id }) => id);
    },
  };
  return bus;
}

/** The events as a consumer sees them who drops repetitions. */
export function deduplicated(heard: readonly EventDetail[]): EventDetail[] {
  return heard.filter((event, index) => heard.findIndex(({ id }) => id === event.id) === index);
}

/** A worker that ends as it writes: before its write is done, or after that, before it hears so. */
export function ending({ anotherProcess }: Pick<Parties, 'anotherProcess'>, when: 'before' | 'after'): Deps {
  const deps = anotherProcess();
  const { table } = deps;
  return {
    ...deps,
    table: {
      ...table,
      async transact(actions) {
        if (when === 'after') await table.transact(actions);
        throw new Error('the worker has ended');
      },
    },
  };
}
