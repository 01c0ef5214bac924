import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  alterPermissions,
  type Grant,
  type Permission,
  permissionSet,
  permissionSpans,
  permissions,
} from '#lib/domain/relation/permissions.ts';

const list = fc.array(fc.constantFrom(...permissions), { maxLength: 12 });
const set = list.map(permissionSet);
const operation = fc.constantFrom('add' as const, 'remove' as const);

/** Grants in order of time, as a relation collects them. */
const history = fc
  .array(fc.record({ afterMs: fc.integer({ min: 1, max: 9 }), permissions: set }), { maxLength: 8 })
  .map((steps) => {
    const grants: Pick<Grant, 'sinceMs' | 'permissions'>[] = [];
    for (const { afterMs, permissions } of steps) {
      grants.push({ sinceMs: (grants.at(-1)?.sinceMs ?? 0) + afterMs, permissions });
    }
    return grants;
  });

const LATER_MS = 100;
const end = fc.option(fc.constant(LATER_MS), { nil: undefined });

function inEffectAt(grants: readonly Pick<Grant, 'sinceMs' | 'permissions'>[], ms: number): readonly Permission[] {
  return grants.findLast(({ sinceMs }) => sinceMs <= ms)?.permissions ?? [];
}

describe('a set of permissions', () => {
  it('is the same for equal members in any order and number', () => {
    fc.assert(
      fc.property(list, (members) => {
        const shuffled = [...members.toReversed(), ...members];
        expect(permissionSet(shuffled)).toEqual(permissionSet(members));
        expect(new Set(permissionSet(members))).toEqual(new Set(members));
        expect(permissionSet(members)).toHaveLength(new Set(members).size);
      }),
    );
  });

  it('stays as it is when made a set again', () => {
    fc.assert(
      fc.property(set, (members) => {
        expect(permissionSet(members)).toEqual(members);
      }),
    );
  });
});

describe('altering permissions', () => {
  it('has the union or the difference as its result, in canonical order', () => {
    fc.assert(
      fc.property(set, operation, list, (current, how, altered) => {
        const wanted = permissions.filter((permission) =>
          how === 'add'
            ? current.includes(permission) || altered.includes(permission)
            : current.includes(permission) && !altered.includes(permission),
        );
        expect(alterPermissions(current, how, altered)).toEqual(wanted);
      }),
    );
  });

  it('does nothing a second time', () => {
    fc.assert(
      fc.property(set, operation, list, (current, how, altered) => {
        const once = alterPermissions(current, how, altered);
        expect(alterPermissions(once, how, altered)).toEqual(once);
      }),
    );
  });

  it('changes the number of permissions if it changes them at all', () => {
    fc.assert(
      fc.property(set, operation, list, (current, how, altered) => {
        const result = alterPermissions(current, how, altered);
        if (result.length === current.length) expect(result).toEqual(current);
      }),
    );
  });
});

describe('the spans of permissions', () => {
  it('cover at every instant exactly what was in effect', () => {
    fc.assert(
      fc.property(history, end, fc.nat({ max: LATER_MS - 1 }), (grants, endMs, ms) => {
        const covering = permissionSpans(grants, endMs).filter(
          ({ startMs, endMs: untilMs = Number.POSITIVE_INFINITY }) => startMs <= ms && ms < untilMs,
        );
        expect(permissionSet(covering.map(({ permission }) => permission))).toEqual(inEffectAt(grants, ms));
        expect(covering).toHaveLength(inEffectAt(grants, ms).length);
      }),
    );
  });

  it('are unbroken: none begins where another of the same permission ends', () => {
    fc.assert(
      fc.property(history, end, (grants, endMs) => {
        const spans = permissionSpans(grants, endMs);
        for (const { permission, startMs } of spans) {
          const joining = spans.filter((other) => other.permission === permission && other.endMs === startMs);
          expect(joining).toEqual([]);
        }
      }),
    );
  });

  it('all end with the relation, and those in effect are open until then', () => {
    fc.assert(
      fc.property(history, (grants) => {
        const open = permissionSpans(grants, undefined).filter(({ endMs }) => endMs === undefined);
        expect(permissionSet(open.map(({ permission }) => permission))).toEqual(grants.at(-1)?.permissions ?? []);
        const atEnd = permissionSpans(grants, LATER_MS);
        expect(atEnd.filter(({ endMs }) => endMs === undefined)).toEqual([]);
        expect(atEnd.filter(({ endMs }) => endMs === LATER_MS)).toHaveLength(open.length);
      }),
    );
  });

  it('come in order of start', () => {
    fc.assert(
      fc.property(history, end, (grants, endMs) => {
        const starts = permissionSpans(grants, endMs).map(({ startMs }) => startMs);
        expect(starts).toEqual(starts.toSorted((one, other) => one - other));
      }),
    );
  });
});
