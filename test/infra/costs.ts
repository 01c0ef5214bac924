import { INVITATION_TTL_MS } from '#lib/domain/relation.ts';
import { sweepOverdue } from '#lib/jobs/sweep.ts';
import type { Operation } from '#lib/pipeline/declaration.ts';
import { eventOf, fileUnderParties } from '#lib/store/events.ts';
import { eventKey } from '#lib/store/keys.ts';
import { metered, type Usage, unused } from '#lib/store/meter.ts';
import { add, eventsOf, newParties } from '#test/bss/parties.ts';
import { callOf } from '#test/infra/calls.ts';

/** US dollars a million, us-east-1, on demand, as listed in 2025. */
export const prices = {
  readUnits: 0.125,
  writeUnits: 0.625,
  httpRequests: 1,
  lambdaRequests: 0.2,
  /** Of a GB-second on arm64, times a million. */
  lambdaGbSeconds: 13.3334,
  events: 1,
} as const;

/** Supposed of a warm call: 512 MB for 15 ms. */
const GB_SECONDS = 0.5 * 0.015;

/** What one call of an operation asks of the table, in a process that has not yet read the caller's key. */
export async function usageOf(operation: Operation): Promise<Usage> {
  const { estate, send } = await callOf(operation);
  const { status } = await send({}, estate.anotherProcess());
  if (status !== 200) throw new Error(`${operation.action} answered ${status}`);
  const counted = (name: keyof Usage) => Number(estate.logged.at(-1)?.[name]);
  return { roundTrips: counted('roundTrips'), readUnits: counted('readUnits'), writeUnits: counted('writeUnits') };
}

/** What the publishing of one event asks of the table. */
export async function usageOfPublishing(): Promise<Usage> {
  const estate = await newParties();
  const id = await add(estate, estate.parent, estate.child, { PermissionCodes: ['CHECK_FINANCE_INFO'] });
  const [row] = await eventsOf(estate, id);
  const event = eventOf(row ?? {});
  const usage = unused();
  await metered(usage, async () => {
    await estate.deps.table.getMany([{ ...eventKey(id, event.eventId), sk: 'RELATION' }]);
    await fileUnderParties(estate.deps.table, event, {
      parentUid: estate.parent.uid,
      childUid: estate.child.uid,
    });
  });
  return usage;
}

/** What a sweep asks of the table: one that finds nothing, and one more invitation that it expires. */
export async function usageOfSweep(invitations: 0 | 1): Promise<Usage> {
  const estate = await newParties();
  if (invitations > 0) await add(estate, estate.parent, estate.child, { PermissionCodes: ['CHECK_FINANCE_INFO'] });
  estate.advance(INVITATION_TTL_MS + 1);
  const usage = unused();
  await metered(usage, () => sweepOverdue(estate.deps, 'expireInvitations', () => 1000));
  return usage;
}

/** A row of the table of costs. */
export function row(name: string, { roundTrips, readUnits, writeUnits }: Usage, around: number): string {
  const table = readUnits * prices.readUnits + writeUnits * prices.writeUnits;
  const cells = [name, roundTrips, readUnits, writeUnits, table.toFixed(2), (table + around).toFixed(2)];
  return `| ${cells.join(' | ')} |`;
}

/** What a call costs besides the table: the API and the function. */
export const aroundCall = prices.httpRequests + prices.lambdaRequests + GB_SECONDS * prices.lambdaGbSeconds;
/** What an event costs besides the table: the bus, and, one event a batch, the function. */
export const aroundEvent = prices.events + prices.lambdaRequests + GB_SECONDS * prices.lambdaGbSeconds;
