import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import type { Bus, PublishedEvent } from '#lib/ports.ts';

/** The emulator's event bus: it remembers what was published, each event once, in a file that outlives the process. */
export interface LocalBus extends Bus {
  /** Newest last. */
  published(): readonly PublishedEvent[];
  clear(): void;
}

/** Opens the bus over a file of one event a line. */
export function openLocalBus(file: string): LocalBus {
  const events = new Map<string, PublishedEvent>();
  for (const event of existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean).map(parsed) : []) {
    events.set(event.id, event);
  }
  return {
    async publish(published) {
      for (const event of published) {
        if (events.has(event.id)) continue;
        appendFileSync(file, `${JSON.stringify(event)}\n`);
        events.set(event.id, event);
      }
      return [];
    },
    published: () => [...events.values()],
    clear() {
      rmSync(file, { force: true });
      events.clear();
    },
  };
}

/** The lines are this file's own. */
function parsed(line: string): PublishedEvent {
  return JSON.parse(line);
}
