import { job as expireInvitations } from '#functions/workers/expireInvitations.ts';
import { job as publishEvents } from '#functions/workers/publishEvents.ts';
import { INVITATION_TTL_MS } from '#lib/domain/relation/relation.ts';
import type { Operation } from '#lib/pipeline/declaration.ts';
import { metered, type Usage, unused } from '#lib/table/meter.ts';
import { add, newParties } from '#test/bss/parties.ts';
import { callOf } from '#test/infra/calls.ts';
import { accept, insertionOf } from '#test/infra/records.ts';
import type { Estate } from '#test/support/estate.ts';

/** US dollars a million, us-east-1, on demand, as listed in June 2025. */
const prices = {
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

/** What one call of an operation asks of the table, in a process that has not yet read the caller's key, and the events it records. */
export async function costOf(operation: Operation): Promise<{ usage: Usage; events: number }> {
  const { estate, send } = await callOf(operation);
  const before = await eventsIn(estate);
  const { status } = await send({}, estate.anotherProcess());
  if (status !== 200) throw new Error(`${operation.action} answered ${status}`);
  const counted = (name: keyof Usage) => Number(estate.logged.at(-1)?.[name]);
  const usage = {
    roundTrips: counted('roundTrips'),
    readUnits: counted('readUnits'),
    writeUnits: counted('writeUnits'),
  };
  return { usage, events: (await eventsIn(estate)) - before };
}

async function eventsIn(estate: Estate): Promise<number> {
  const rows = await estate.dump();
  return rows.filter(({ type }) => type === 'event').length;
}

/** What the publishing of one event asks of the table. */
export async function usageOfPublishing(): Promise<Usage> {
  const estate = await newParties();
  const record = await insertionOf(estate, await accept(estate));
  const usage = unused();
  const bus = { publish: async () => [] };
  await metered(usage, () => publishEvents.run({ deps: estate.deps, bus }, [record]));
  return usage;
}

/** What a sweep asks of the table: one that finds nothing, and one more invitation that it expires. */
export async function usageOfSweep(invitations: 0 | 1): Promise<Usage> {
  const estate = await newParties();
  if (invitations > 0) await add(estate, estate.parent, estate.child, { PermissionCodes: ['CHECK_FINANCE_INFO'] });
  estate.advance(INVITATION_TTL_MS + 1);
  const usage = unused();
  await metered(usage, () => expireInvitations.run({ deps: estate.deps }, () => 1000));
  return usage;
}

/** A row of the table of costs: what the table is asked, what that costs, with all around it, and with the events that follow. */
export function row(name: string, usage: Usage, around: number, following = 0): string {
  const { roundTrips, readUnits, writeUnits } = usage;
  const table = costOfTable(usage);
  const costs = [table, table + around, table + around + following].map((dollars) => dollars.toFixed(2));
  return `| ${[name, roundTrips, readUnits, writeUnits, ...costs].join(' | ')} |`;
}

function costOfTable({ readUnits, writeUnits }: Usage): number {
  return readUnits * prices.readUnits + writeUnits * prices.writeUnits;
}

/** What a call costs besides the table: the API and the function. */
export const aroundCall = prices.httpRequests + prices.lambdaRequests + GB_SECONDS * prices.lambdaGbSeconds;
/** What an event costs besides the table: the bus, and, one event a batch, the function. */
export const aroundEvent = prices.events + prices.lambdaRequests + GB_SECONDS * prices.lambdaGbSeconds;

/** What it costs in all to publish an event. */
export function costOfEvent(usage: Usage): number {
  return costOfTable(usage) + aroundEvent;
}
