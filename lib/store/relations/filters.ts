import { type StoredForm, statusAt, storedForms } from '#lib/domain/machine.ts';
import {
  type Phase,
  type Policy,
  phaseOf,
  type RelationStatus,
  relationMachine,
  relationStatuses,
} from '#lib/domain/relation/relation.ts';
import { type Place, places } from '#lib/store/keys.ts';
import { placesOf } from '#lib/store/relations/counts.ts';
import { standsAs } from '#lib/store/transition.ts';
import { allOf, type Fragment } from '#lib/table/expressions.ts';
import type { Row } from '#lib/table/table.ts';

/** Which relations of an account to list: by their status at `nowMs` (epoch ms), by policy. */
export interface RelationFilter {
  readonly uid: number;
  readonly statuses: readonly RelationStatus[];
  readonly nowMs: number;
  readonly policies?: readonly Policy[];
}

/** What awaits an answer, which may come at any time, or a deadline: statuses, and the places of the same names. */
export const waiting = ['inviting', 'changing'] as const satisfies readonly (RelationStatus & Place)[];

export function isWaiting(name: string): name is (typeof waiting)[number] {
  return waiting.some((one) => one === name);
}

/** A place of which some relations have lapsed, so that they count as something else although that is not recorded. */
export interface Lapsing {
  readonly place: Place;
  /** What finds those that have. */
  readonly filter: RelationFilter;
  /** Whether those are listed that have, or those that have not. */
  readonly isListed: boolean;
}

/** The places of which a filter lists only what has lapsed, or only what has not. */
export function lapsingIn(filter: RelationFilter): Lapsing[] {
  if (!isOfPolicy(filter, 'management')) return [];
  return waiting.flatMap((place) => {
    const to = statusAt(relationMachine, { status: place, deadlineMs: filter.nowMs }, filter.nowMs);
    const isListed = filter.statuses.includes(to);
    if (isListed === filter.statuses.includes(place)) return [];
    return [{ place, filter: { ...filter, statuses: [to] }, isListed }];
  });
}

/** Whether a parent's counts have a management relation of this status in the list. */
export function isCountedIn(filter: RelationFilter, status: unknown): boolean {
  return isOfPolicy(filter, 'management') && filter.statuses.some((one) => one === status);
}

function isOfPolicy({ policies = [] }: RelationFilter, policy: Policy): boolean {
  return policies.length === 0 || policies.includes(policy);
}

/** The places of a parent's index that relations of the filter may stand in. */
export function placesIn(filter: RelationFilter): Place[] {
  const statuses = formsOf(filter).map(({ status }) => status);
  return placesOf(statuses, filter.policies);
}

/** Whether of a place only that is wanted which is overdue, so counts as something else. */
export function isOverdueAlone(filter: RelationFilter, place: Place): boolean {
  return isWaiting(place) && !filter.statuses.includes(place);
}

/** Whether a filter leaves nothing out. */
export function isOfAll(filter: RelationFilter): boolean {
  return placesIn(filter).length === places.length && relationStatuses.every((one) => filter.statuses.includes(one));
}

/** Whether the relation of a row is one of the list. Of what is passed over no more is read than that takes. */
export function isWanted({ nowMs, policies = [], statuses }: RelationFilter, row: Row): boolean {
  const stored = relationStatuses.find((one) => one === row['status']);
  if (stored === undefined) return false;
  const deadlineMs = typeof row['deadlineMs'] === 'number' ? row['deadlineMs'] : undefined;
  const status = statusAt(relationMachine, { status: stored, deadlineMs }, nowMs);
  return statuses.includes(status) && (policies.length === 0 || policies.some((one) => one === row['policy']));
}

export const inOrderOfLife = ['offered', 'inEffect', 'past'] as const satisfies readonly Phase[];

/** The phases in which relations of the filter may be, in the order of life. */
export function phasesOf(filter: RelationFilter): Phase[] {
  const found = new Set(formsOf(filter).map(({ status }) => phaseOf(status)));
  return inOrderOfLife.filter((phase) => found.has(phase));
}

/** What a row of the list has to be, and `more`. */
export function conditionOf(filter: RelationFilter, more: readonly Fragment[] = []): Fragment {
  return allOf([
    standsAs(formsOf(filter), filter.nowMs),
    ...oneOf('#policy', ':policy', [...new Set(filter.policies)]),
    ...more,
  ]);
}

/** That an attribute has one of the values, if any are wanted. */
export function oneOf(path: string, placeholder: string, wanted: readonly unknown[] = []): Fragment[] {
  if (wanted.length === 0) return [];
  const values = Object.fromEntries(wanted.map((value, index) => [`${placeholder}${index}`, value]));
  return [{ text: `${path} IN (${Object.keys(values).join(', ')})`, values }];
}

function formsOf({ statuses }: RelationFilter): StoredForm<RelationStatus>[] {
  return [...new Set(statuses)].flatMap((status) => storedForms(relationMachine, status));
}
