import { job as expireInvitations } from '#functions/workers/expireInvitations.ts';
import { job as publishEvents } from '#functions/workers/publishEvents.ts';
import { INVITATION_TTL_MS } from '#lib/domain/relation/relation.ts';
import type { Operation } from '#lib/pipeline/declaration.ts';
import { metered, type Usage, unused } from '#lib/table/requests.ts';
import { add, newParties, type Parties } from '#test/bss/parties.ts';
import { newDirectoryEstate } from '#test/directory/calls.ts';
import { baselined, flat } from '#test/governance/calls.ts';
import { enrolled, newAccount, nineItems, settle, stepsOf, take } from '#test/governance/enrolling.ts';
import { callOf } from '#test/infra/calls.ts';
import { fakeBus, streamOf } from '#test/workers/stream.ts';

/** US dollars a million, us-east-1, on demand, as listed in June 2025. */
const prices = {
  readUnits: 0.125,
  writeUnits: 0.625,
  httpRequests: 1,
  lambdaRequests: 0.2,
  /** Per GB-second on arm64, times a million. */
  lambdaGbSeconds: 13.3334,
  events: 1,
} as const;

/** Assumed for a warm call: 512 MB for 15 ms. */
const GB_SECONDS = 0.5 * 0.015;

/** What a call costs at the table, what publishing its events costs, and how many events there are. */
interface Cost {
  readonly usage: Usage;
  readonly following: Usage;
  readonly events: number;
}

/** The cost of one call of an operation, in a process that has read the caller's key, and has read the same if it only reads. */
export async function costOf(operation: Operation): Promise<Cost> {
  const { estate, keyId, send } = await callOf(operation);
  const before = (await streamOf(estate)).length;
  const process = estate.anotherProcess();
  await process.keyring.secretOf(keyId);
  if (operation.effect === 'read') await send({}, process);
  const { status } = await send({}, process);
  if (status !== 200) throw new Error(`${operation.action} answered ${status}`);
  const counted = (name: keyof Usage) => Number(estate.logged.at(-1)?.[name]);
  const usage = {
    requests: counted('requests'),
    roundTrips: counted('roundTrips'),
    readUnits: counted('readUnits'),
    writeUnits: counted('writeUnits'),
  };
  return { usage, ...(await followingOf(estate, before)) };
}

/** The usage of publishing an estate's events, without the first `before`. */
async function followingOf(estate: Parties, before: number): Promise<Pick<Cost, 'following' | 'events'>> {
  const records = (await streamOf(estate)).slice(before);
  const following = unused();
  await metered(following, () => publishEvents.run({ deps: estate.deps, bus: fakeBus() }, records));
  return { following, events: records.length };
}

/** The cost of a sweep that finds none or one overdue invitation. */
export async function costOfSweep(invitations: 0 | 1): Promise<Cost> {
  const estate = await newParties();
  if (invitations > 0) await add(estate, estate.parent, estate.child, { PermissionCodes: ['CHECK_FINANCE_INFO'] });
  const before = (await streamOf(estate)).length;
  estate.advance(INVITATION_TTL_MS + 1);
  const usage = unused();
  await metered(usage, () => expireInvitations.run({ deps: estate.deps }, () => 1000));
  return { usage, ...(await followingOf(estate, before)) };
}

/** The cost of some steps of an enrolment of all nine items, behind those before. The first begins it, and each other applies an item. */
export async function costOfSteps(after: number, count: number): Promise<Cost> {
  const estate = await newDirectoryEstate();
  const BaselineId = await baselined(estate, flat(nineItems()));
  await enrolled(estate, { ...newAccount('dev'), BaselineId });
  await settle(estate, { most: after });
  const before = (await streamOf(estate)).length;
  const usage = unused();
  for (let step = 0; step < count; step++) {
    const [next] = (await stepsOf(estate)).slice(-1);
    await metered(usage, () => take(estate, next ? [next] : []));
  }
  return { usage, ...(await followingOf(estate, before)) };
}

/** A row of the table of costs: usage, its price, the price with API and function, and with the events that follow. */
export function row(name: string, usage: Usage, around: number, { events, following }: Omit<Cost, 'usage'>): string {
  const { requests, roundTrips, readUnits, writeUnits } = usage;
  const table = costOfTable(usage);
  const published = costOfTable(following) + events * aroundEvent;
  const costs = [table, table + around, table + around + published].map((dollars) => dollars.toFixed(2));
  return `| ${[name, requests, roundTrips, readUnits, writeUnits, ...costs].join(' | ')} |`;
}

function costOfTable({ readUnits, writeUnits }: Usage): number {
  return readUnits * prices.readUnits + writeUnits * prices.writeUnits;
}

/** The price of a call besides the table: API and function. */
export const aroundCall = prices.httpRequests + prices.lambdaRequests + GB_SECONDS * prices.lambdaGbSeconds;
/** The price of an event besides the table: the bus and, at one event per batch, the function. */
const aroundEvent = prices.events + prices.lambdaRequests + GB_SECONDS * prices.lambdaGbSeconds;
