import type { Enrolment, EnrolmentStatus } from '#lib/domain/governance/enrolment.ts';

/** How an item of an enrolment stands. */
export type ItemStatus = 'pending' | 'running' | 'finished' | 'failed';

/** How each item stands that is to be applied, in the order of their application. */
export function progressOf({ applied, order, status }: Pick<Enrolment, 'applied' | 'order' | 'status'>) {
  const next = nextStatuses[status];
  return order.map((name, index): { readonly name: string; readonly status: ItemStatus } => ({
    name,
    status: index < applied ? 'finished' : index > applied ? 'pending' : next,
  }));
}

/** How the first item stands that has not been applied. */
const nextStatuses: Readonly<Record<EnrolmentStatus, ItemStatus>> = {
  scheduling: 'pending',
  pending: 'pending',
  running: 'running',
  awaiting: 'running',
  resting: 'running',
  finished: 'finished',
  failed: 'failed',
};

/** The items that have been applied to the account, by this enrolment or an earlier one. */
export function itemsApplied({ applied, earlier, order }: Pick<Enrolment, 'applied' | 'earlier' | 'order'>): string[] {
  return [...new Set([...earlier, ...order.slice(0, applied)])];
}
