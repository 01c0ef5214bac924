import type { Received } from '#lib/auth/received.ts';

/** How many are remembered; the oldest are forgotten first. */
const MOST = 100_000;

/** Which first answers have reached their clients, as only a server that writes them onto the connection itself can know. */
export interface Deliveries {
  /** The request is being answered with the first answer of the repetition `id`. */
  answered(request: Received, id: string): void;
  /** The answer to the request has been sent to its end. */
  delivered(request: Received): void;
  /** It was not received after all: the connection broke off. */
  lost(request: Received): void;
  /** Whether the first answer of the repetition has been delivered. */
  has(id: string): boolean;
}

/** The deliveries of a process. */
export function openDeliveries(): Deliveries {
  const underWay = new WeakMap<Received, string>();
  const done = new Set<string>();
  return {
    answered: (request, id) => void underWay.set(request, id),
    delivered(request) {
      const id = underWay.get(request);
      if (id === undefined) return;
      for (const oldest of done) {
        if (done.size < MOST) break;
        done.delete(oldest);
      }
      done.add(id);
    },
    lost(request) {
      const id = underWay.get(request);
      if (id !== undefined) done.delete(id);
    },
    has: (id) => done.has(id),
  };
}
