import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { begin } from '#lib/domain/relation/begin.ts';
import {
  effectiveSinceMs,
  endedAtMs,
  INVITATION_TTL_MS,
  isParty,
  permissionsInEffect,
  phaseOf,
  policies,
  relationAt,
  relationStatuses,
  statusesInEffect,
} from '#lib/domain/relation/relation.ts';
import { Refusal } from '#lib/errors.ts';
import { anAccount, aRelation, child, nowMs, parent } from '#test/domain/relations.ts';

const terms = { id: 7, parent, child, policy: 'management', permissions: ['view-bills'], nick: 'dept' } as const;
const sibling = anAccount({ uid: 3, legalName: parent.legalName });
const DAY_MS = 24 * 60 * 60 * 1000;

describe('a new relation', () => {
  it('is active at once between accounts of the same legal name, whatever its policy', () => {
    for (const policy of policies) {
      const { event, relation } = begin({ ...terms, child: sibling, policy }, nowMs);
      expect(event).toBe('establish');
      expect(relation).toMatchObject({ status: 'active', sameLegalName: true, policy, version: 1 });
      expect(relation.grants).toEqual([{ id: 7, sinceMs: nowMs, permissions: ['view-bills'] }]);
      expect(relation.offered).toBeUndefined();
      expect(relation.deadlineMs).toBeUndefined();
    }
  });

  it('is an invitation of 15 days between accounts of different legal names', () => {
    const { event, relation } = begin(terms, nowMs);
    expect(event).toBe('invite');
    expect(relation).toMatchObject({
      status: 'inviting',
      sameLegalName: false,
      offered: { id: 7, permissions: ['view-bills'] },
    });
    expect(relation.deadlineMs).toBe(nowMs + 15 * DAY_MS);
  });

  it('takes two unverified accounts for different', () => {
    const unverified = { parent: anAccount({ uid: 4, legalName: '' }), child: anAccount({ uid: 5, legalName: '' }) };
    expect(begin({ ...terms, ...unverified }, nowMs).event).toBe('invite');
  });

  it('copies names, uids, nick and times of its parties', () => {
    expect(begin(terms, nowMs).relation).toMatchObject({
      id: 7,
      parentUid: parent.uid,
      parentName: parent.name,
      childUid: child.uid,
      childName: child.name,
      nick: 'dept',
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
    });
  });

  it('cannot be a trusteeship between different legal names', () => {
    expect(() => begin({ ...terms, policy: 'trusteeship' }, nowMs)).toThrow(new Refusal('LegalNamesDiffer', {}));
  });

  it.each(policies)('of an account to itself is refused as that: %s', (policy) => {
    expect(() => begin({ ...terms, child: parent, policy }, nowMs)).toThrow(
      new Refusal('SelfRelation', { uid: parent.uid }),
    );
  });
});

describe('a relation as it stands', () => {
  const deadlineMs = nowMs + INVITATION_TTL_MS;

  it('is the row itself until its deadline', () => {
    const invitation = aRelation();
    expect(relationAt(invitation, deadlineMs - 1)).toBe(invitation);
  });

  it('is expired from its deadline on, whenever it is looked at', () => {
    fc.assert(
      fc.property(fc.nat(), (lateMs) => {
        const expired = relationAt(aRelation(), deadlineMs + lateMs);
        expect(expired).toMatchObject({ status: 'expired', updatedAtMs: deadlineMs });
        expect(endedAtMs(expired)).toBe(deadlineMs);
        expect(expired).not.toHaveProperty('offered');
        expect(expired).not.toHaveProperty('deadlineMs');
      }),
    );
  });

  it('is active with its old permissions once a pending change has lapsed', () => {
    const grants = [{ id: 1, sinceMs: nowMs, permissions: ['view-bills'] }] as const;
    const offered = { id: 2, permissions: ['view-funds'] } as const;
    const changing = aRelation({ status: 'changing', grants, offered, deadlineMs });
    const lapsed = relationAt(changing, deadlineMs);
    expect(lapsed).toMatchObject({ status: 'active', updatedAtMs: deadlineMs });
    expect(permissionsInEffect(lapsed)).toEqual(['view-bills']);
    expect(lapsed).not.toHaveProperty('offered');
    expect(endedAtMs(lapsed)).toBeUndefined();
  });

  it('changes no more once it has lapsed', () => {
    fc.assert(
      fc.property(fc.constantFrom(...relationStatuses), fc.nat(), fc.nat(), (status, oneMs, otherMs) => {
        const seen = relationAt(aRelation({ status }), deadlineMs + oneMs);
        expect(relationAt(seen, deadlineMs + oneMs + otherMs)).toEqual(seen);
      }),
    );
  });
});

describe('what a relation tells of itself', () => {
  it('is an end if and only if it is past', () => {
    for (const status of relationStatuses) {
      const isPast = phaseOf(status) === 'past';
      expect(endedAtMs({ status, updatedAtMs: nowMs }), status).toBe(isPast ? nowMs : undefined);
    }
  });

  it('is in effect while active, with or without a pending change', () => {
    expect(statusesInEffect).toEqual(['active', 'changing']);
  });

  it('is the first grant as its beginning and the last as its permissions', () => {
    const grants = [
      { id: 1, sinceMs: 10, permissions: ['view-bills'] },
      { id: 2, sinceMs: 20, permissions: ['view-funds', 'view-bills'] },
    ] as const;
    expect(effectiveSinceMs({ grants })).toBe(10);
    expect(permissionsInEffect({ grants })).toEqual(['view-funds', 'view-bills']);
  });

  it('is neither while it was never in effect', () => {
    expect(effectiveSinceMs({ grants: [] })).toBeUndefined();
    expect(permissionsInEffect({ grants: [] })).toEqual([]);
  });

  it('is its two parties and nobody else', () => {
    const uids = [parent.uid, child.uid, sibling.uid];
    expect(uids.map((uid) => isParty(aRelation(), uid))).toEqual([true, true, false]);
  });
});
