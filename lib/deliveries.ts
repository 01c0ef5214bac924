import type { Received } from '#lib/auth/received.ts';

/** How many deliveries are remembered; the oldest are forgotten first. */
const MOST = 100_000;

/** Which first answers have reached their clients. Only a server that writes to the connections itself can know that. */
export interface Deliveries {
  /** The request is being answered with the first answer under the idempotency key `id`. */
  answered(request: Received, id: string): void;
  /** The whole answer to the request has been sent. */
  delivered(request: Received): void;
  /** It did not arrive after all: the connection was cut. */
  lost(request: Received): void;
  /** Whether the first answer under the idempotency key has been delivered. */
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
