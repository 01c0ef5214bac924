import type { Deployed } from '#infra/deployed.ts';
import type { Template } from '#infra/names.ts';

/**
 * How long a function may take, in seconds, and how often a scheduled one runs. Most of the vendors' clients have given up after 3 s:
 * what a call still does then, under much contention, is answered to whoever repeats it.
 */
export const limits = {
  operation: { timeout: 10 },
  door: { timeout: 10 },
  schedule: { timeout: 240, rate: 'rate(5 minutes)' },
  stream: { timeout: 60 },
} as const;

/** The path a function is called at; none for a worker. The door gets every request to a path that is no other function's, too. */
export function pathOf({ trigger }: Deployed): string | undefined {
  if (trigger.kind === 'door') return '/';
  if (trigger.kind !== 'operation') return undefined;
  return `/${trigger.operation.product.name}/${trigger.operation.action}`;
}

/** What functions are told apart from what all of them are: the key is for those that serve calls, the bus for who publishes. */
export interface Told {
  readonly masterKey: Template;
  readonly eventBus: string;
}

/** What a function needs to be told of it. */
export function environmentOf({ trigger }: Deployed, { eventBus, masterKey }: Told): Template {
  if (trigger.kind === 'stream') return { EVENT_BUS_NAME: eventBus };
  return trigger.kind === 'schedule' ? {} : masterKey;
}
