import { describe, expect, it } from 'vitest';
import {
  checkStatuses,
  deletionCheckMachine,
  deletionMachine,
  deletionStatuses,
  isUnderWay,
} from '#lib/domain/directory/deletion.ts';
import { type Circumstances, findings, findingsOf, isAbandonable, leftOf } from '#lib/domain/directory/findings.ts';
import { newMember } from '#lib/domain/directory/joining.ts';
import { type Member, memberMachine, memberStatuses } from '#lib/domain/directory/member.ts';
import type { Machine } from '#lib/domain/machine.ts';
import { nowMs } from '#test/domain/relations.ts';

const machines: readonly (readonly [string, Machine<string, string>, readonly string[]])[] = [
  ['check', deletionCheckMachine, checkStatuses],
  ['deletion', deletionMachine, deletionStatuses],
  ['member', memberMachine, memberStatuses],
];

describe.each(machines)('the state table of a %s', (_, { transitions }, statuses) => {
  const moves = Object.values(transitions);

  it('reaches every status', () => {
    const reached = new Set<string>(['nothing']);
    for (let turn = 0; turn < statuses.length + 1; turn++) {
      for (const { from, to } of moves) if (reached.has(from)) reached.add(to);
    }
    expect([...reached].toSorted()).toEqual(['nothing', ...statuses].toSorted());
  });

  it('ends wherever it may begin', () => {
    const left = statuses.filter((status) => !moves.some(({ from }) => from === status));
    expect(left.length).toBeGreaterThan(0);
    for (const status of statuses) {
      const ahead = new Set([status]);
      for (let turn = 0; turn < statuses.length; turn++) {
        for (const { from, to } of moves) if (ahead.has(from)) ahead.add(to);
      }
      expect([...ahead].some((one) => left.includes(one))).toBe(true);
    }
  });
});

it('exactly what has a way out is under way', () => {
  for (const status of deletionStatuses) {
    const hasWayOut = Object.values(deletionMachine.transitions).some(({ from }) => from === status);
    expect(isUnderWay({ status })).toBe(hasWayOut);
  }
});

it('nothing fails once the account is removed', () => {
  const after = Object.values(deletionMachine.transitions).filter(({ from }) => from === 'revoking');
  expect(after.map(({ to }) => to)).toEqual(['revoking', 'done']);
});

describe('findings', () => {
  const directory = { id: 'rd-123456', managementUid: 1 };
  const wanted = {
    uid: 2,
    accountType: 'resource',
    displayName: 'Dev',
    folderPath: ['r-1'],
    seat: 0,
    tags: {},
  } as const;
  const member: Member = newMember({ ...wanted, directory }, nowMs);
  const clear: Circumstances = {
    nowMs,
    managementUid: 1,
    member,
    isEnrolling: false,
    standing: { availableBalance: 0, arrears: 0, openOrders: 0, frozen: false },
    managementStanding: { availableBalance: 0, arrears: 0, openOrders: 0, frozen: false },
    relation: undefined,
    relationsAsParent: 0,
  };

  it('are none of a resource account that nothing hangs on', () => {
    expect(findingsOf(clear)).toEqual([]);
  });

  it('are that it is none of an account that has left, or has become a cloud account', () => {
    expect(findingsOf({ ...clear, member: undefined })).toEqual(['notResourceAccount']);
    expect(findingsOf({ ...clear, member: { ...member, accountType: 'cloud' } })).toEqual(['notResourceAccount']);
  });

  it('are a promotion up to its deadline and not from then on', () => {
    const promoting = (deadlineMs: number) => ({
      ...clear,
      member: { ...member, promotion: { recordId: 'r', deadlineMs } },
    });
    expect(findingsOf(promoting(nowMs + 1))).toEqual(['pendingPromotion']);
    expect(findingsOf(promoting(nowMs))).toEqual([]);
  });

  it('are an enrolment that is under way', () => {
    expect(findingsOf({ ...clear, isEnrolling: true })).toEqual(['enrolment']);
  });

  it('are left unless they may be abandoned and are', () => {
    const left = leftOf(findings, findings);
    expect(left).toEqual(findings.filter((finding) => !isAbandonable(finding)));
    expect(findings.filter(isAbandonable)).toEqual(['credit', 'balance']);
    expect(leftOf(['credit', 'balance'], ['credit'])).toEqual(['balance']);
  });
});
