import type { Deployed } from '#infra/deployed.ts';
import type { Template } from '#infra/names.ts';

/** How long a function may take, how often a scheduled one runs. Clients of the vendors' wait for 10 s at the most. */
export const limits = {
  operation: { timeout: 10 },
  door: { timeout: 10 },
  schedule: { timeout: 240, rate: 'rate(5 minutes)' },
  stream: { timeout: 60 },
} as const;

/** The path the API serves a function at; none for a worker. */
export function pathOf({ trigger }: Deployed): string | undefined {
  if (trigger.kind === 'door') return '/';
  if (trigger.kind !== 'operation') return undefined;
  return `/${trigger.operation.product.name}/${trigger.operation.action}`;
}

/** What a function needs to be told; of the stream's worker, where it publishes. */
export function environmentOf({ trigger }: Deployed, eventBus: string): Template {
  return trigger.kind === 'stream' ? { EVENT_BUS_NAME: eventBus } : {};
}
