import { appendFileSync, existsSync, readFileSync, truncateSync } from 'node:fs';
import type { Bus, EventDetail } from '#lib/ports.ts';

/** The emulator's event bus: it remembers what was published, each event once, in a file that outlives the process. */
export interface LocalBus extends Bus {
  /** Newest last, by their ids. */
  published(): readonly EventDetail[];
}

/** Opens the bus over a file of one event a line. */
export function openLocalBus(file: string): LocalBus {
  const events = new Map<string, EventDetail>();
  for (const event of wholeLines(file).map(parsed)) events.set(event.id, event);
  return {
    async publish(published) {
      for (const { detail: event } of published) {
        if (events.has(event.id)) continue;
        appendFileSync(file, `${JSON.stringify(event)}\n`);
        events.set(event.id, event);
      }
      return [];
    },
    // They are published subject by subject, not in the order of their times.
    published: () => [...events.values()].toSorted((one, other) => (one.id < other.id ? -1 : 1)),
  };
}

/** A crash may have cut the last line short; the stream delivers its event again. */
function wholeLines(file: string): string[] {
  if (!existsSync(file)) return [];
  const text = readFileSync(file, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole !== text) truncateSync(file, Buffer.byteLength(whole));
  return whole.split('\n').filter(Boolean);
}

/** Only this module writes the file. */
function parsed(line: string): EventDetail {
  return JSON.parse(line);
}
