import { expect, it } from 'vitest';
import { app as acceptHandshake } from '#functions/directory/AcceptHandshake.ts';
import { app as cancelHandshake } from '#functions/directory/CancelHandshake.ts';
import { app as declineHandshake } from '#functions/directory/DeclineHandshake.ts';
import { job as expireInvitations } from '#functions/workers/expireInvitations.ts';
import { openHandshakes } from '#lib/store/directory/handshakeReadings.ts';
import { countedIn, occupancyKeys, seatsKeys } from '#lib/store/directory/seats.ts';
import { created, type DirectoryEstate, direct, directed, newDirectoryEstate } from '#test/directory/calls.ts';
import { ANSWER_MS, handle, handled, invited, registered } from '#test/directory/handshakes.ts';
import { atOnce, stored, tally } from '#test/races/answers.ts';
import { race, racer } from '#test/races/rounds.ts';
import { times } from '#test/support/breadth.ts';
import type { Answer, Signer } from '#test/support/estate.ts';

const ROUNDS = times(12, 4);

const invite = (estate: DirectoryEstate, by: Signer, invitee: Signer) =>
  direct(estate, by, 'InviteAccountToResourceDirectory', { TargetEntity: invitee.uid, TargetType: 'Account' });

/** What an account has sent that still counts. */
async function countedFor(estate: DirectoryEstate, { uid }: Signer): Promise<object[]> {
  return Object.values((await openHandshakes(estate.deps.table).book(uid)).sent);
}

/** How many members the directory of an account, and its root folder, count: as many as there are. */
async function expectMembers({ deps }: DirectoryEstate, { uid }: Signer, count: number): Promise<void> {
  const { rootFolderId } = await deps.directories.get(uid);
  const counts = await Promise.all(
    [seatsKeys(uid), occupancyKeys(rootFolderId)].map((keys) => deps.table.getMany(keys)),
  );
  expect(counts.map(countedIn)).toEqual([count, count]);
}

it('of fifty acceptances, refusals and withdrawals at once one is done', async () => {
  for (let round = 0; round < times(4, 1); round++) {
    const estate = await newDirectoryEstate();
    const { deps, parent, sibling } = estate;
    const { HandshakeId } = await invited(estate);
    const ways = ['Accept', 'Decline', 'Cancel'] as const;
    const answers = await atOnce(50, (nth) => {
      const way = ways[(nth + round) % 3] ?? 'Accept';
      return handle(estate, way === 'Cancel' ? parent : sibling, way, HandshakeId);
    });
    expect(tally(answers)).toEqual({ done: 1, HandshakeUnfit: 49 });
    const { Status } = await handled(estate, parent, 'Get', HandshakeId);
    expect(answers.find(({ status }) => status === 200)?.body.Handshake.Status).toBe(Status);
    await expectMembers(estate, parent, Status === 'Accepted' ? 1 : 0);
    const events = await deps.ledger.ofSubject('handshake', HandshakeId, 10);
    expect(events).toHaveLength(2);
    expect(await countedFor(estate, parent)).toEqual(
      Status === 'Accepted' ? [] : [{ invitee: String(sibling.uid), sentAtMs: estate.nowMs() }],
    );
  }
});

it('an invitation is accepted, declined or withdrawn, whichever comes first', async () => {
  const estate = await newDirectoryEstate();
  const { parent } = estate;
  const outcomes = new Set<string>();
  let members = 0;
  for (let round = 0; round < times(18, 6); round++) {
    const invitee = await registered(estate);
    const { HandshakeId } = await invited(estate, { TargetEntity: invitee.uid });
    const racers = [
      racer(estate, acceptHandshake, invitee, { HandshakeId }),
      racer(estate, declineHandshake, invitee, { HandshakeId }),
      racer(estate, cancelHandshake, parent, { HandshakeId }),
    ];
    const answered = await race(round, racers);
    expect(answered.toSorted(), `round ${round}`).toEqual(['HandshakeUnfit', 'HandshakeUnfit', 'done']);
    outcomes.add(answered.join());
    members += answered[0] === 'done' ? 1 : 0;
    await expectMembers(estate, parent, members);
  }
  expect(outcomes.size).toBeGreaterThan(1);
});

it('an account that accepts the invitations of two directories at once is in one of them', async () => {
  const estate = await newDirectoryEstate();
  const { parent, sibling } = estate;
  await directed(estate, sibling, 'InitResourceDirectory');
  const inEach = new Map([parent, sibling].map((signer) => [signer, 0]));
  for (let round = 0; round < ROUNDS; round++) {
    const invitee = await registered(estate);
    const offers = await Promise.all([...inEach.keys()].map((by) => invite(estate, by, invitee)));
    const ids = offers.map(({ body }) => body.Handshake.HandshakeId);
    const answered = await race(
      round,
      ids.map((HandshakeId) => racer(estate, acceptHandshake, invitee, { HandshakeId })),
    );
    expect(answered.toSorted(), `round ${round}`).toEqual(['AccountInDirectory', 'done']);
    const winner = [parent, sibling][answered.indexOf('done')] ?? parent;
    inEach.set(winner, (inEach.get(winner) ?? 0) + 1);
    for (const [signer, count] of inEach) await expectMembers(estate, signer, count);
  }
});

it('an account that accepts while it enables a directory of its own does one of both', async () => {
  const estate = await newDirectoryEstate();
  for (let round = 0; round < ROUNDS; round++) {
    const invitee = await registered(estate);
    const { HandshakeId } = await invited(estate, { TargetEntity: invitee.uid });
    const answers = await Promise.all([
      handle(estate, invitee, 'Accept', HandshakeId),
      direct(estate, invitee, 'InitResourceDirectory'),
    ]);
    expect(tally(answers), `round ${round}`).toEqual({ done: 1, AccountInDirectory: 1 });
  }
});

it('of acceptances that meet the deadline and its sweep none is done after it', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const estate = await newDirectoryEstate();
    const { deps, parent, sibling } = estate;
    const { HandshakeId } = await invited(estate);
    // A write may still be under way for some seconds, so a move is refused a little before the deadline already.
    const laterMs = (round * 60_000) / ROUNDS;
    estate.advance(ANSWER_MS - 30_000 + laterMs);
    const isOver = laterMs >= 30_000;
    const [answer] = await Promise.all([
      handle(estate, sibling, 'Accept', HandshakeId),
      expireInvitations.run({ deps }, () => 1000),
    ]);
    const { Status } = await handled(estate, parent, 'Get', HandshakeId);
    if (isOver) expect(Status).toBe('Expired');
    expect(Status).toBe(answer.status === 200 ? 'Accepted' : isOver ? 'Expired' : 'Pending');
    if (answer.status !== 200) expect(answer.body.Reason).toBe('HandshakeUnfit');
    await expectMembers(estate, parent, answer.status === 200 ? 1 : 0);
  }
});

it('of many invitations of one target at once one is sent, and told by one mail', async () => {
  const estate = await newDirectoryEstate();
  const answers = await atOnce(20, () =>
    direct(estate, estate.parent, 'InviteAccountToResourceDirectory', {
      TargetEntity: 'new@example.com',
      TargetType: 'Email',
    }),
  );
  expect(tally(answers)).toEqual({ done: 1, HandshakePending: 19 });
  expect(await stored(estate, 'handshake')).toHaveLength(1);
  expect(await stored(estate, 'mail')).toHaveLength(1);
});

it('of many invitations at once twenty are sent', async () => {
  const estate = await newDirectoryEstate();
  const answers = await atOnce(30, (nth) =>
    direct(estate, estate.parent, 'InviteAccountToResourceDirectory', {
      TargetEntity: `new${nth}@example.com`,
      TargetType: 'Email',
    }),
  );
  expect(tally(answers)).toEqual({ done: 20, InvitationQuotaReached: 10 });
  expect(await countedFor(estate, estate.parent)).toHaveLength(20);
});

it('the last seat of a directory is had by one of many that accept; the others may wait for another', async () => {
  const estate = await newDirectoryEstate();
  const { parent } = estate;
  for (let nth = 0; nth < 19; nth++) await created(estate, `Member ${nth}`);
  const invitees = await Promise.all(Array.from({ length: 6 }, () => registered(estate)));
  const ids: string[] = [];
  for (const { uid } of invitees) ids.push((await invited(estate, { TargetEntity: uid })).HandshakeId);
  const answers = await Promise.all(invitees.map((by, nth) => handle(estate, by, 'Accept', ids[nth] ?? '')));
  expect(tally(answers)).toEqual({ done: 1, MemberQuotaReached: 5 });
  const statuses = await Promise.all(ids.map((id) => handled(estate, parent, 'Get', id)));
  expect(statuses.filter(({ Status }) => Status === 'Pending')).toHaveLength(5);
  await expectMembers(estate, parent, 20);
});

it('members who bear one name and accept at once have different ones', async () => {
  const estate = await newDirectoryEstate();
  const invitees = await Promise.all(Array.from({ length: 6 }, () => registered(estate, { Name: 'Twin' })));
  const ids: string[] = [];
  for (const { uid } of invitees) ids.push((await invited(estate, { TargetEntity: uid })).HandshakeId);
  const answers = await Promise.all(invitees.map((by, nth) => handle(estate, by, 'Accept', ids[nth] ?? '')));
  expect(tally(answers)).toEqual({ done: 6 });
  const { Accounts } = await directed(estate, estate.parent, 'ListAccounts');
  expect(new Set(Accounts.Account.map(({ DisplayName }: Answer['body']) => DisplayName)).size).toBe(6);
});

it('a directory is destroyed while its invitation is accepted: either it is gone, or it has a member', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const estate = await newDirectoryEstate();
    const { deps, parent, sibling } = estate;
    const { HandshakeId } = await invited(estate);
    const accept = () => handle(estate, sibling, 'Accept', HandshakeId);
    const destroy = () => direct(estate, parent, 'DestroyResourceDirectory');
    const [accepted, destroyed] = await (round % 2
      ? Promise.all([accept(), destroy()])
      : Promise.all([destroy(), accept()]).then(([one, other]) => [other, one] as const));
    const isIn = accepted.status === 200;
    expect(destroyed.body.Reason, `round ${round}`).toBe(isIn ? 'MembersRemain' : undefined);
    if (!isIn) expect(['InvitingDirectoryGone', 'HandshakeUnfit']).toContain(accepted.body.Reason);
    expect((await deps.directories.find(parent.uid)) !== undefined).toBe(isIn);
    expect((await handled(estate, parent, 'Get', HandshakeId)).Status).toBe(isIn ? 'Accepted' : 'Cancelled');
  }
});

it('a directory is destroyed while others are invited: no invitation of it waits afterwards', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const estate = await newDirectoryEstate();
    const { parent, sibling } = estate;
    const [sent, destroyed] = await Promise.all([
      invite(estate, parent, sibling),
      direct(estate, parent, 'DestroyResourceDirectory'),
    ]);
    expect(destroyed.status).toBe(200);
    if (sent.status !== 200) expect(sent.body.Reason).toBe('DirectoryUnknown');
    const statuses = (await stored(estate, 'handshake')).map(({ status }) => status);
    expect(statuses, `round ${round}`).toEqual(sent.status === 200 ? ['cancelled'] : []);
  }
});
