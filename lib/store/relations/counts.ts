import { type Policy, policies, type RelationStatus, relationStatuses } from '#lib/domain/relation/relation.ts';
import { type Place, placeOf, places } from '#lib/store/keys.ts';
import { tallyRow } from '#lib/store/relations/tallies.ts';
import type { Row } from '#lib/table/table.ts';

/** How many relations stand in each place of a parent's index, and how many that have moved since are counted as if they still did. */
export interface Counts {
  readonly in: Readonly<Record<Place, number>>;
  /** How many of those in the place of the withdrawn have expired. */
  readonly expired: number;
  /** Whether none is left that stands by its phase, as all did before there were places. */
  readonly isComplete: boolean;
  /** Which change of the tally they are from: no relation has come to a place, or left the lists, between two readings of the same version. */
  readonly version: number;
}

/** The counts of a tally's row; undefined where it does not tell. */
export function countsOf(row: Row | undefined): Counts | undefined {
  if (row === undefined || !isBegun(row)) return undefined;
  const { listed, relations, v: version, ...tally } = tallyRow.read(row);
  if (relations !== undefined) return undefined;
  const { expired } = tally;
  const counts = {
    ...tally,
    // A trusteeship is neither invited to nor put to the vote.
    active: tally.active - tally.trusteeships,
    ended: tally.ended - tally.endedTrusteeships,
    withdrawn: tally.withdrawn + expired,
  };
  return { in: counts, expired, isComplete: listed >= sumOf({ in: counts }, places), version };
}

/** Whether a tally counts anything yet, and does not only say that its account is frozen. */
function isBegun(row: Row): boolean {
  return ['relations', 'listed', 'trusteeships', ...relationStatuses].some((name) => name in row);
}

/** How many relations of a parent are counted as a list has them. */
export function totalOf(
  { expired, in: counts }: Counts,
  statuses: readonly RelationStatus[],
  wanted: readonly Policy[] = [],
): number {
  const ofWithdrawn = {
    withdrawn: statuses.includes('withdrawn') ? counts.withdrawn - expired : 0,
    expired: statuses.includes('expired') ? expired : 0,
  };
  const own = { ...counts, withdrawn: ofWithdrawn.withdrawn + ofWithdrawn.expired };
  return sumOf({ in: own }, placesOf(statuses, wanted));
}

/** How many relations stand in these places. */
export function sumOf({ in: counts }: Pick<Counts, 'in'>, wanted: readonly Place[]): number {
  return wanted.reduce((sum, place) => sum + counts[place], 0);
}

/** The places of these statuses and policies, in their order; none of a trusteeship that there never is. */
export function placesOf(statuses: readonly RelationStatus[], wanted: readonly Policy[] = []): Place[] {
  const of = new Set(wanted.length > 0 ? wanted : policies);
  const found = new Set(
    statuses.flatMap((status) => [
      ...(of.has('management') ? [placeOf(status, 'management')] : []),
      ...(of.has('trusteeship') && isEntrusted(status) ? [placeOf(status, 'trusteeship')] : []),
    ]),
  );
  return places.filter((place) => found.has(place));
}

/** Whether there are trusteeships of this status. */
function isEntrusted(status: RelationStatus): boolean {
  return status === 'active' || status === 'ended';
}
