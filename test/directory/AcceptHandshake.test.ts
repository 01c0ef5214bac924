import { expect, it } from 'vitest';
import { created, direct, directed, directInXml, isInvalid, lacks, newDirectoryEstate } from '#test/directory/calls.ts';
import {
  ANSWER_MS,
  handle,
  handled,
  handshakeUnfit,
  handshakeUnknown,
  invited,
  invitedByEmail,
  inviteeInDirectory,
  KEPT_MS,
  legalEntityMismatch,
  noHandshake,
  registered,
} from '#test/directory/handshakes.ts';
import { storedMember } from '#test/directory/members.ts';
import { refused } from '#test/support/refusals.ts';

it('an account that accepts is a member in the root folder, called as the account is, with the tags of the invitation', async () => {
  const estate = await newDirectoryEstate();
  const { directoryId, parent, rootFolderId, sibling } = estate;
  const handshake = await invited(estate, { 'Tag.1.Key': 'team', 'Tag.1.Value': 'a' });
  estate.advance(60_000);
  expect(await handled(estate, sibling, 'Accept', handshake.HandshakeId)).toStrictEqual({
    ...handshake,
    Status: 'Accepted',
    ModifyTime: '2025-03-02T15:13:34Z',
  });
  const { Account } = await directed(estate, parent, 'GetAccount', { AccountId: sibling.uid, IncludeTags: true });
  expect(Account).toMatchObject({
    ResourceDirectoryId: directoryId,
    DisplayName: `login${sibling.uid}@test`,
    FolderId: rootFolderId,
    JoinMethod: 'invited',
    JoinTime: '2025-03-02T15:13:34.567Z',
    Type: 'CloudAccount',
    Status: 'InviteSuccess',
  });
  expect((await storedMember(estate, sibling.uid)).tags).toEqual({ team: 'a' });
  const inRoot = await directed(estate, parent, 'ListAccountsForParent', { IncludeTags: true });
  expect(inRoot).toMatchObject({ TotalCount: 1, Accounts: { Account: [{ Tags: { Tag: [{ Key: 'team' }] } }] } });
  expect(await directed(estate, parent, 'ListAccounts')).toMatchObject({ TotalCount: 1 });
});

it('whoever comes to have an address that was invited may accept', async () => {
  const estate = await newDirectoryEstate();
  const { HandshakeId } = await invitedByEmail(estate, 'New@Example.com');
  const invitee = await registered(estate, { Email: 'new@example.com' });
  expect((await handled(estate, invitee, 'Accept', HandshakeId)).TargetEntity).toBe('New@Example.com');
  const { Account } = await directed(estate, estate.parent, 'GetAccount', { AccountId: invitee.uid });
  expect(Account.Status).toBe('InviteSuccess');
});

it('a name that another member bears is made unique', async () => {
  const estate = await newDirectoryEstate();
  await created(estate, 'Twin');
  const twin = await registered(estate, { Name: 'Twin' });
  const { HandshakeId } = await invited(estate, { TargetEntity: twin.uid });
  await handled(estate, twin, 'Accept', HandshakeId);
  const { Account } = await directed(estate, estate.parent, 'GetAccount', { AccountId: twin.uid });
  expect(Account.DisplayName).toMatch(/^Twin-[0-9A-Za-z]{6}$/);
});

it('its answer in XML has the whole invitation', async () => {
  const estate = await newDirectoryEstate();
  const { HandshakeId } = await invited(estate);
  const xml = await directInXml(estate, estate.sibling, 'AcceptHandshake', { HandshakeId });
  expect(xml).toContain(`<Handshake><HandshakeId>${HandshakeId}</HandshakeId>`);
  expect(xml).toContain('<Status>Accepted</Status>');
});

it('an id is needed, of ten or sixteen characters', async () => {
  const estate = await newDirectoryEstate();
  expect(await direct(estate, estate.sibling, 'AcceptHandshake')).toStrictEqual(lacks('HandshakeId'));
  for (const id of ['h-1', 'h-0123456789a', `${noHandshake}0`, 'r-0123456789', noHandshake.toUpperCase()]) {
    expect(await handle(estate, estate.sibling, 'Accept', id)).toStrictEqual(isInvalid('HandshakeId'));
  }
  for (const id of [noHandshake, 'h-0123456789']) {
    expect(await handle(estate, estate.sibling, 'Accept', id)).toStrictEqual(handshakeUnknown);
  }
});

it('nobody but the invitee accepts', async () => {
  const estate = await newDirectoryEstate();
  const { parent, sibling, stranger } = estate;
  const { HandshakeId } = await invited(estate);
  const before = await estate.dump();
  for (const by of [parent, stranger]) {
    expect(await handle(estate, by, 'Accept', HandshakeId)).toStrictEqual(handshakeUnknown);
  }
  const { HandshakeId: byMail } = await invitedByEmail(estate);
  expect(await handle(estate, sibling, 'Accept', byMail)).toStrictEqual(handshakeUnknown);
  expect((await estate.dump()).filter(({ type }) => type === 'member')).toEqual([]);
  expect(before.filter(({ type }) => type === 'member')).toEqual([]);
});

it('an invitation that was answered, withdrawn or has expired is not accepted, and after a while there is none', async () => {
  for (const end of ['Accept', 'Decline', 'Cancel', 'expire'] as const) {
    const estate = await newDirectoryEstate();
    const { parent, sibling } = estate;
    const { HandshakeId } = await invited(estate);
    if (end === 'expire') estate.advance(ANSWER_MS);
    else await handled(estate, end === 'Cancel' ? parent : sibling, end, HandshakeId);
    expect(await handle(estate, sibling, 'Accept', HandshakeId)).toStrictEqual(handshakeUnfit);
    estate.advance(KEPT_MS - 1);
    expect(await handle(estate, sibling, 'Accept', HandshakeId)).toStrictEqual(handshakeUnfit);
    estate.advance(1);
    const after = await handle(estate, sibling, 'Accept', HandshakeId);
    expect(after).toStrictEqual(end === 'Accept' ? handshakeUnfit : handshakeUnknown);
  }
});

it('whoever manages a directory, or is a member by then, does not accept', async () => {
  const estate = await newDirectoryEstate();
  const { sibling } = estate;
  const { HandshakeId } = await invited(estate);
  await directed(estate, sibling, 'InitResourceDirectory');
  expect(await handle(estate, sibling, 'Accept', HandshakeId)).toStrictEqual(inviteeInDirectory);
  const other = await registered(estate);
  const theirs = (
    await directed(estate, sibling, 'InviteAccountToResourceDirectory', {
      TargetEntity: other.uid,
      TargetType: 'Account',
    })
  ).Handshake;
  const ours = await invited(estate, { TargetEntity: other.uid });
  await handled(estate, other, 'Accept', theirs.HandshakeId);
  expect(await handle(estate, other, 'Accept', ours.HandshakeId)).toStrictEqual(inviteeInDirectory);
});

it('whoever has the address by then has to be verified, under the inviter’s legal name', async () => {
  const estate = await newDirectoryEstate();
  const unverified = await invitedByEmail(estate, 'one@example.com');
  const one = await registered(estate, { Email: 'one@example.com', LegalName: '' });
  expect(await handle(estate, one, 'Accept', unverified.HandshakeId)).toStrictEqual(
    refused(
      'InviteeUnverified',
      'NotSupport.Account.RealNameType',
      'Your account is not a real-name of enterprise type, so you cannot accept the invitation.',
      409,
    ),
  );
  const { HandshakeId } = await invitedByEmail(estate, 'two@example.com');
  const two = await registered(estate, { Email: 'two@example.com', LegalName: 'Bolt' });
  expect(await handle(estate, two, 'Accept', HandshakeId)).toStrictEqual(legalEntityMismatch);
});

it('a directory that is full by then takes nobody, and the invitation waits on', async () => {
  const estate = await newDirectoryEstate();
  const { HandshakeId } = await invited(estate);
  for (let nth = 0; nth < 20; nth++) await created(estate, `Member ${nth}`);
  const { body } = await handle(estate, estate.sibling, 'Accept', HandshakeId);
  expect(body).toMatchObject({ Reason: 'MemberQuotaReached', Code: 'LimitExceeded.Account' });
  expect((await handled(estate, estate.sibling, 'Get', HandshakeId)).Status).toBe('Pending');
});

it('an invitation of a directory that is no more is told so, whatever became of it', async () => {
  for (const beforeMs of [ANSWER_MS - 1, 0]) {
    const estate = await newDirectoryEstate();
    const { HandshakeId } = await invited(estate);
    estate.advance(beforeMs);
    await directed(estate, estate.parent, 'DestroyResourceDirectory');
    await directed(estate, estate.parent, 'InitResourceDirectory');
    expect(await handle(estate, estate.sibling, 'Accept', HandshakeId)).toStrictEqual(
      refused(
        'InvitingDirectoryGone',
        'SpecifiedResourceDirectoryNotExists',
        'The specified resource directory does not exist. You must specify a valid resource directory.',
        404,
      ),
    );
  }
});

it('a member that was removed can be invited again at once, and accept', async () => {
  const estate = await newDirectoryEstate();
  const { parent, sibling } = estate;
  for (let round = 0; round < 2; round++) {
    const { HandshakeId } = await invited(estate);
    await handled(estate, sibling, 'Accept', HandshakeId);
    await directed(estate, parent, 'RemoveCloudAccount', { AccountId: sibling.uid });
    expect(await directed(estate, parent, 'ListAccounts')).toMatchObject({ TotalCount: 0 });
  }
});

it('invitation and acceptance are told, under both accounts', async () => {
  const estate = await newDirectoryEstate();
  const { deps, parent, sibling } = estate;
  const { HandshakeId } = await invited(estate);
  await handled(estate, sibling, 'Accept', HandshakeId);
  const events = await deps.ledger.ofSubject('handshake', HandshakeId, 10);
  expect(events).toMatchObject([
    { event: 'accept', from: 'pending', to: 'accepted', actor: sibling.uid, facts: { displayName: expect.anything() } },
    { event: 'invite', from: 'nothing', to: 'pending', actor: parent.uid, facts: { targetType: 'account' } },
  ]);
  const joined = await deps.ledger.ofSubject('member', sibling.uid, 10);
  expect(joined).toMatchObject([{ event: 'accept', from: 'nothing', to: 'joined', actor: sibling.uid }]);
  for (const { uid } of [parent, sibling]) {
    const told = await deps.ledger.ofAccount(uid, 10);
    expect(told.filter(({ subject }) => subject === 'handshake')).toHaveLength(2);
  }
});

it.each([
  ['has looked at it by this process', 2],
  ['has not', 3],
])('an invitee who %s accepts in %i round trips', async (_, roundTrips) => {
  const estate = await newDirectoryEstate();
  const { sibling } = estate;
  const { HandshakeId } = await invited(estate);
  await estate.deps.keyring.secretOf(sibling.keyId);
  if (roundTrips === 2) await directed(estate, sibling, 'GetHandshake', { HandshakeId });
  await handled(estate, sibling, 'Accept', HandshakeId);
  expect(estate.logged.at(-1)).toMatchObject({ action: 'AcceptHandshake', status: 200, roundTrips });
});

it('an invitation that has been withdrawn since the invitee looked at it is not accepted, nor one of a directory that is gone', async () => {
  const estate = await newDirectoryEstate();
  const { parent, sibling } = estate;
  const { HandshakeId } = await invited(estate);
  await directed(estate, sibling, 'GetHandshake', { HandshakeId });
  await directed(estate, parent, 'CancelHandshake', { HandshakeId });
  expect((await direct(estate, sibling, 'AcceptHandshake', { HandshakeId })).body.Reason).toBe('HandshakeUnfit');
  const next = await invited(estate);
  await directed(estate, sibling, 'GetHandshake', { HandshakeId: next.HandshakeId });
  await directed(estate, parent, 'DestroyResourceDirectory');
  const gone = await direct(estate, sibling, 'AcceptHandshake', { HandshakeId: next.HandshakeId });
  expect(gone.body.Reason).toBe('InvitingDirectoryGone');
});
