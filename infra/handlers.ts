import type { Deployed } from '#infra/deployed.ts';
import type { Template } from '#infra/names.ts';
import { environmentForNeeds, type NeedValues } from '#infra/needs.ts';

/**
 * How long a function may take, in seconds. Most of the vendors' clients give up after 3 s; a call that takes longer, under much
 * contention, still finishes, and its answer is kept for the client that repeats it.
 */
export const timeoutsS = { operation: 10, door: 10, schedule: 240, stream: 60 } as const;

/** The path a function is called at; none for a worker. The door also gets every request to a path that is no other function's. */
export function pathOf({ trigger }: Deployed): string | undefined {
  if (trigger.kind === 'door') return '/';
  if (trigger.kind !== 'operation') return undefined;
  return `/${trigger.operation.product.name}/${trigger.operation.action}`;
}

/** How often a scheduled function runs, as EventBridge writes it; nothing for the others. */
export function rateOf({ trigger }: Deployed): string | undefined {
  if (trigger.kind !== 'schedule') return undefined;
  const { everyMinutes } = trigger.job.of;
  return `rate(${everyMinutes} ${everyMinutes === 1 ? 'minute' : 'minutes'})`;
}

/** The values of a stage, or of `sam local`, that the environment of functions is made of. */
export interface EnvironmentValues extends NeedValues {
  /** Where the master key is, for the functions that verify signatures. */
  readonly masterKey: Template;
}

/** The environment of a function, beside what all functions have. */
export function environmentOf({ trigger }: Deployed, values: EnvironmentValues): Template {
  return 'job' in trigger ? environmentForNeeds(trigger.job.needs, values) : values.masterKey;
}
