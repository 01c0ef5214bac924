import { describe, expect, it } from 'vitest';
import {
  type Handshake,
  handshakeMachine,
  handshakeRules,
  handshakeStatuses,
  inviteeNames,
  newHandshake,
} from '#lib/domain/directory/handshake.ts';
import { refusalOfState } from '#lib/domain/rules.ts';

const nowMs = 1000;
const management = { uid: 5, name: 'parent@acme', legalName: 'Acme', createdAtMs: 0 };
const invitation = { id: 'h-0123456789abcdef', directoryId: 'rd-3G12ab', note: '', tags: {} };
const target = { type: 'email', entity: ' New@Example.com' } as const;
const sent = newHandshake({ ...invitation, target }, management, nowMs);
const events = ['accept', 'decline', 'cancel', 'expire'] as const;
const pairs = events.flatMap((event) => handshakeStatuses.map((status) => ({ event, status })));

describe('the state table of an invitation', () => {
  it.each(pairs)('decides $event of one that is $status', ({ event, status }) => {
    const handshake: Handshake = { ...sent, status, deadlineMs: status === 'pending' ? nowMs + 1 : undefined };
    const said = { invitee: 'new@example.com' };
    const refusal = refusalOfState(handshakeMachine, handshakeRules, event, handshake, said, nowMs);
    expect(refusal?.reason).toBe(status === 'pending' ? undefined : 'HandshakeUnfit');
  });

  it('reaches every status, and leads out of none but the first', () => {
    const moves = events.map((event) => handshakeMachine.transitions[event]);
    expect(new Set(moves.map(({ from }) => from))).toEqual(new Set(['pending']));
    expect(['pending', ...moves.map(({ to }) => to)].toSorted()).toEqual(handshakeStatuses.toSorted());
  });
});

it('who has the address in any case, or the uid, is the invitee', () => {
  const account = { uid: 7, email: 'NEW@example.com' };
  expect(inviteeNames(account)).toContain(sent.invitee);
  expect(inviteeNames({ uid: 7 })).not.toContain(sent.invitee);
  const byUid = newHandshake({ ...invitation, target, inviteeUid: 7 }, management, nowMs);
  expect(inviteeNames({ uid: 7 })).toContain(byUid.invitee);
});
