import type { Deployed } from '#infra/deployed.ts';
import type { Template } from '#infra/names.ts';
import { environmentForNeeds, type NeedValues } from '#infra/needs.ts';

/**
 * Timeouts in seconds. Most of the vendors' clients give up after 3 s. A call that takes longer still finishes, and its
 * answer is kept for a client that tries again.
 */
export const timeoutsS = { operation: 10, page: 10, door: 10, schedule: 240, stream: 60 } as const;

/** A function's path; undefined for a worker. The door also gets all requests to paths that no function has. */
export function pathOf({ trigger }: Deployed): string | undefined {
  if (trigger.kind === 'door') return '/';
  if (trigger.kind === 'page') return trigger.page.path;
  if (trigger.kind !== 'operation') return undefined;
  return `/${trigger.operation.product.name}/${trigger.operation.action}`;
}

/** How often a scheduled function runs, in EventBridge's notation; undefined for the others. */
export function rateOf({ trigger }: Deployed): string | undefined {
  if (trigger.kind !== 'schedule') return undefined;
  const { everyMinutes } = trigger.job.of;
  return `rate(${everyMinutes} ${everyMinutes === 1 ? 'minute' : 'minutes'})`;
}

/** A function's environment, besides what all functions have. `values` are those of a stage, or of `sam local`. */
export function environmentOf({ trigger }: Deployed, values: NeedValues): Template {
  if ('job' in trigger) return environmentForNeeds(trigger.job.needs, values);
  // A page proves nobody by a signature: it compares what the table holds.
  return trigger.kind === 'page' ? {} : values.masterKey;
}
