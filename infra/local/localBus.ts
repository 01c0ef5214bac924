import { openFileOfLines } from '#infra/local/fileOfLines.ts';
import type { Bus, EventDetail } from '#lib/jobs/needs.ts';

/** The emulator's event bus: it remembers what was published, each event once, in a file that outlives the process. */
export interface LocalBus extends Bus {
  /** Newest last, by their ids. */
  published(): readonly EventDetail[];
}

/** Opens the bus over a file of one event a line. */
export function openLocalBus(file: string): LocalBus {
  const events = openFileOfLines<EventDetail>(file);
  return {
    async publish(published) {
      for (const { detail } of published) events.add(detail);
      return [];
    },
    // They are published subject by subject, not in the order of their times.
    published: () => events.all().toSorted((one, other) => (one.id < other.id ? -1 : 1)),
  };
}
