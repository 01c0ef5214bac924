import type { Phase } from '#lib/domain/relation/relation.ts';
import { type Place, phaseOfPlace, places } from '#lib/store/keys.ts';
import { type Counts, sumOf } from '#lib/store/relations/counts.ts';
import { isOverdueAlone, phasesOf, placesIn, type RelationFilter } from '#lib/store/relations/filters.ts';
import { type Range, rangeOfPhases, rangeOfPlaces } from '#lib/store/relations/lists.ts';

/** A place of at most so many rows is read through on the way to the next. */
const FEW = 100;

/** Neighbouring places of a parent's index that are read by one query: all but the last have few rows. */
export interface Stretch {
  readonly range: Range;
  /** None in a part of the index that knows no places. */
  readonly places: readonly Place[];
  /** How many rows to read on the way: all before the last place, and all of that too if the wanted rows may be anywhere in it. */
  readonly before: number;
}

/** Everything from the first to the last place of the filter, and how many rows that is, if it is known. */
export function wholeOf(
  filter: RelationFilter,
  counts: Counts | undefined,
): { range: Range; size: number | undefined } {
  const { range, places: wanted } = stretchOf(filter, placesIn(filter), counts);
  if (counts?.isComplete) return { range, size: atLeastNone(counts, span(wanted)) };
  const ends = phasesOf(filter).map((phase) => rangeOfPhases(phase).last);
  return { range: { first: range.first, last: ends.toSorted().at(-1) ?? range.last }, size: undefined };
}

/** The stretches of these places, in the order of life. */
export function stretchesOf(filter: RelationFilter, wanted: readonly Place[], counts: Counts): Stretch[] {
  const found: Place[][] = [];
  for (const place of wanted) {
    const current = found.at(-1) ?? [];
    const last = current.at(-1);
    const isNear = last && isFew(counts, [last]) && isFew(counts, span([last, place]).slice(1, -1));
    if (isNear) current.push(place);
    else found.push([place]);
  }
  return found.map((all) => stretchOf(filter, all, counts));
}

/**
 * What a filter asks for, phase by phase in the order of life, also where relations stand by their phase alone, as before there
 * were places: what moves from there moves to a place. With `eachPlace` one by one, else those of a phase together.
 */
export function stretchesByPhase(filter: RelationFilter, eachPlace: boolean): Stretch[] {
  return phasesOf(filter).flatMap((phase): Stretch[] => {
    const wanted = placesIn(filter).filter((place) => phaseOfPlace(place) === phase);
    const together = eachPlace ? wanted.map((place) => [place]) : wanted.length > 0 ? [wanted] : [];
    return [byPhase(phase), ...together.map((all) => stretchOf(filter, all, undefined))];
  });
}

/** Whether so few stand in these places that they are read through. */
export function isFew(counts: Counts, among: readonly Place[]): boolean {
  return sumOf(counts, among) <= FEW;
}

function byPhase(phase: Phase): Stretch {
  return { range: rangeOfPhases(phase), places: [], before: 0 };
}

function stretchOf(filter: RelationFilter, all: readonly Place[], counts: Counts | undefined): Stretch {
  const [first, last] = [all[0] ?? 'ended', all.at(-1) ?? 'ended'];
  const readThrough = isOverdueAlone(filter, last) ? span(all) : span(all).slice(0, -1);
  const before = counts ? atLeastNone(counts, readThrough) : 0;
  return { range: rangeOfPlaces(filter, first, last), places: all, before };
}

/** From the first place to the last, those between included. */
function span(all: readonly Place[]): readonly Place[] {
  const [first, last] = [all[0] ?? 'ended', all.at(-1) ?? 'ended'];
  return places.slice(places.indexOf(first), places.indexOf(last) + 1);
}

/** What is not counted yet can make a sum negative. */
function atLeastNone(counts: Counts, among: readonly Place[]): number {
  return Math.max(0, sumOf(counts, among));
}
