import { describe, expect, it } from 'vitest';
import { newParties } from '#test/bss/parties.ts';
import {
  created,
  direct,
  directed,
  directInXml,
  directoryUnknown,
  foldered,
  folderUnknown,
  isInvalid,
  lacks,
  newDirectoryEstate,
  nobody,
} from '#test/directory/calls.ts';
import {
  ANSWER_MS,
  DAY_MS,
  handled,
  handshakePending,
  invitationQuotaReached,
  invited,
  invitedByEmail,
  inviteeInDirectory,
  KEPT_MS,
  legalEntityMismatch,
  registered,
} from '#test/directory/handshakes.ts';
import { inMaster, master } from '#test/directory/master.ts';
import { cloudMember } from '#test/directory/members.ts';
import type { Params } from '#test/support/estate.ts';
import { refused } from '#test/support/refusals.ts';

const action = 'InviteAccountToResourceDirectory';

it('an invitation waits for fourteen days, and says who invites whom', async () => {
  const estate = await newDirectoryEstate();
  const { directoryId, parent, sibling } = estate;
  expect(await invited(estate, { Note: 'Please join.\nThank you.' })).toStrictEqual({
    HandshakeId: expect.stringMatching(/^h-[0-9A-Za-z]{16}$/),
    ResourceDirectoryId: directoryId,
    MasterAccountId: String(parent.uid),
    MasterAccountName: `login${parent.uid}@test`,
    TargetEntity: String(sibling.uid),
    TargetType: 'Account',
    Note: 'Please join.\nThank you.',
    Status: 'Pending',
    CreateTime: '2025-03-02T15:12:34Z',
    ModifyTime: '2025-03-02T15:12:34Z',
    ExpireTime: '2025-03-16T15:12:34Z',
  });
});

it('its answer in XML has the same fields, an empty note too', async () => {
  const estate = await newDirectoryEstate();
  const xml = await directInXml(estate, estate.parent, action, {
    TargetEntity: 'new@example.com',
    TargetType: 'Email',
  });
  expect(xml).toMatch(/^<\?xml.*\?>\s*<InviteAccountToResourceDirectoryResponse><RequestId>/);
  expect(xml).toMatch(/<Handshake><HandshakeId>h-\w{16}<\/HandshakeId>.*<TargetType>Email<\/TargetType><Note/);
  expect(xml).toContain('<Status>Pending</Status>');
});

it('an address may be nobody’s yet, and is told as it was given', async () => {
  const estate = await newDirectoryEstate();
  const handshake = await invitedByEmail(estate, 'New.One@Example.com');
  expect(handshake).toMatchObject({ TargetEntity: 'New.One@Example.com', TargetType: 'Email', Note: '' });
});

it('target, its type and the note are checked', async () => {
  const estate = await newDirectoryEstate();
  const { parent, sibling } = estate;
  const call = (params: Params) => direct(estate, parent, action, params);
  const account = { TargetEntity: sibling.uid, TargetType: 'Account' };
  expect(await call({ TargetType: 'Account' })).toStrictEqual(lacks('TargetEntity'));
  expect(await call({ TargetEntity: sibling.uid })).toStrictEqual(lacks('TargetType'));
  expect(await call({ ...account, TargetType: 'account' })).toStrictEqual(isInvalid('TargetType'));
  for (const TargetEntity of ['new@example.com', '123', nobody]) {
    expect(await call({ ...account, TargetEntity })).toStrictEqual(isInvalid('TargetEntity'));
  }
  for (const TargetEntity of [sibling.uid, 'new@', `${'a'.repeat(250)}@example.com`]) {
    expect(await call({ TargetEntity, TargetType: 'Email' })).toStrictEqual(isInvalid('TargetEntity'));
  }
  const tooLong = isInvalid('Note', 'Note.Length', 'The length of the invitation note exceeds the limit.');
  expect(await call({ ...account, Note: 'x'.repeat(1025) })).toStrictEqual(tooLong);
  expect(await call({ ...account, Note: '请'.repeat(1025) })).toStrictEqual(tooLong);
  expect(await call({ ...account, Note: 'a\u0007' })).toStrictEqual(isInvalid('Note'));
  const manyTags = Object.fromEntries(Array.from({ length: 21 }, (_, nth) => [`Tag.${nth + 1}.Key`, `k${nth}`]));
  expect(await call({ ...account, ...manyTags })).toStrictEqual(isInvalid('Tag'));
  expect((await invited(estate, { Note: '请'.repeat(1024) })).Note).toHaveLength(1024);
});

it('only a management account invites', async () => {
  const estate = await newParties();
  const params = { TargetEntity: estate.sibling.uid, TargetType: 'Account' };
  expect(await direct(estate, estate.parent, action, params)).toStrictEqual(directoryUnknown);
});

it('one target has one invitation of a directory at a time, whether by id or by address', async () => {
  const estate = await newDirectoryEstate();
  const { parent } = estate;
  const { uid } = await registered(estate, { Email: 'new@example.com' });
  const ways = [
    { TargetEntity: uid, TargetType: 'Account' },
    { TargetEntity: 'new@example.com', TargetType: 'Email' },
    { TargetEntity: 'NEW@example.com', TargetType: 'Email' },
  ];
  for (const way of ways) {
    const { HandshakeId } = await invited(estate, way);
    for (const again of ways) expect(await direct(estate, parent, action, again)).toStrictEqual(handshakePending);
    await handled(estate, parent, 'Cancel', HandshakeId);
  }
  await invited(estate, ways[0]);
  estate.advance(ANSWER_MS);
  await invited(estate, ways[1]);
});

it('twenty invitations wait at most, whenever they were sent; one that has expired waits no more', async () => {
  const estate = await newDirectoryEstate();
  for (let nth = 0; nth < 10; nth++) await invitedByEmail(estate, `new${nth}@example.com`);
  estate.advance(2 * DAY_MS);
  for (let nth = 10; nth < 20; nth++) await invitedByEmail(estate, `new${nth}@example.com`);
  estate.advance(2 * DAY_MS);
  const next = { TargetEntity: 'next@example.com', TargetType: 'Email' };
  expect(await direct(estate, estate.parent, action, next)).toStrictEqual(invitationQuotaReached);
  estate.advance(ANSWER_MS - 4 * DAY_MS - 1);
  expect(await direct(estate, estate.parent, action, next)).toStrictEqual(invitationQuotaReached);
  estate.advance(1);
  await invitedByEmail(estate, 'next@example.com');
});

it('one that was accepted counts no more', async () => {
  const estate = await newDirectoryEstate();
  const { HandshakeId } = await invited(estate);
  for (let nth = 1; nth < 20; nth++) await invitedByEmail(estate, `new${nth}@example.com`);
  const next = { TargetEntity: 'next@example.com', TargetType: 'Email' };
  expect(await direct(estate, estate.parent, action, next)).toStrictEqual(invitationQuotaReached);
  await handled(estate, estate.sibling, 'Accept', HandshakeId);
  await invitedByEmail(estate, 'next@example.com');
});

it('invitations that were declined or withdrawn count for a day, also once the directory is another', async () => {
  const estate = await newDirectoryEstate();
  const { parent } = estate;
  for (let nth = 0; nth < 20; nth++) {
    const { HandshakeId } = await invited(estate);
    await handled(estate, nth % 2 ? parent : estate.sibling, nth % 2 ? 'Cancel' : 'Decline', HandshakeId);
  }
  const params = { TargetEntity: estate.sibling.uid, TargetType: 'Account' };
  expect(await direct(estate, parent, action, params)).toStrictEqual(invitationQuotaReached);
  await directed(estate, parent, 'DestroyResourceDirectory');
  await directed(estate, parent, 'InitResourceDirectory');
  expect(await direct(estate, parent, action, params)).toStrictEqual(invitationQuotaReached);
  estate.advance(DAY_MS);
  await invited(estate);
});

it('a directory without a seat left invites nobody', async () => {
  const estate = await newDirectoryEstate();
  for (let nth = 0; nth < 20; nth++) await created(estate, `Member ${nth}`);
  const params = { TargetEntity: estate.sibling.uid, TargetType: 'Account' };
  expect(await direct(estate, estate.parent, action, params)).toStrictEqual(
    refused(
      'MemberQuotaReached',
      'LimitExceeded.Account',
      'The maximum number of member accounts in a resource directory exceeds the limit.',
      409,
    ),
  );
});

it('nobody is invited who manages a directory or is a member of one', async () => {
  const estate = await newDirectoryEstate();
  const { parent, sibling } = estate;
  await directed(estate, sibling, 'InitResourceDirectory');
  const member = await cloudMember(estate, 'Dev', { email: 'dev@example.com' });
  const invite = (TargetEntity: number | string, TargetType: string) =>
    direct(estate, parent, action, { TargetEntity, TargetType });
  for (const uid of [parent.uid, sibling.uid, member]) {
    expect(await invite(uid, 'Account')).toStrictEqual(inviteeInDirectory);
  }
  expect(await invite('dev@example.com', 'Email')).toStrictEqual(inviteeInDirectory);
  await directed(estate, parent, 'RemoveCloudAccount', { AccountId: member });
  expect((await invite(member, 'Account')).status).toBe(200);
});

it('an account has to be verified, under the inviter’s legal name', async () => {
  const estate = await newDirectoryEstate();
  const { uid } = await registered(estate, { LegalName: '' });
  const invite = (TargetEntity: number) =>
    direct(estate, estate.parent, action, { TargetEntity, TargetType: 'Account' });
  expect(await invite(estate.child.uid)).toStrictEqual(legalEntityMismatch);
  expect(await invite(uid)).toStrictEqual(
    refused('InviteeUnverified', 'Invalid.AccountType', 'The specified profile type of account is invalid.', 409),
  );
});

it.each([false, true])(
  'a company is not told whether an account of another is in a directory (dry run: %s)',
  async (DryRun) => {
    const estate = await newDirectoryEstate();
    const other = await estate.account('Another company');
    expect((await direct(estate, other, 'InitResourceDirectory')).status).toBe(200);
    const outside = await registered(estate, { LegalName: 'A third company' });
    const asked = async (uid: number) => {
      const { body, status } = await direct(estate, other, action, {
        TargetEntity: uid,
        TargetType: 'Account',
        DryRun,
      });
      return { status, Code: body.Code, Reason: body.Reason };
    };
    const answers = await Promise.all([estate.parent.uid, outside.uid].map(asked));
    expect(answers).toEqual([expect.objectContaining({ Reason: 'InviteeLegalNameDiffers' }), answers[0]]);
  },
);

it('the invitee is told by a mail, to the address that was invited or that the account has', async () => {
  const estate = await newDirectoryEstate();
  const { uid } = await registered(estate, { Email: 'known@example.com' });
  const handshakes = [
    await invitedByEmail(estate, 'New@example.com'),
    await invited(estate, { TargetEntity: uid }),
    await invited(estate, { Note: 'no address to mail this to' }),
  ];
  const mails = (await estate.dump()).filter(({ type }) => type === 'mail');
  const [first, second] = handshakes.map(({ HandshakeId }) => HandshakeId);
  const to = (id: string) => mails.find((mail) => mail['id'] === id)?.['to'];
  expect(mails).toHaveLength(2);
  expect([to(first), to(second)]).toEqual(['New@example.com', 'known@example.com']);
});

it('the table forgets an invitation some time after nobody reads it any more', async () => {
  const estate = await newDirectoryEstate();
  await invited(estate);
  const [row] = (await estate.dump()).filter(({ type }) => type === 'handshake');
  const seconds = (Date.now() + ANSWER_MS + KEPT_MS) / 1000;
  expect(Math.abs(Number(row?.['ttl']) - seconds)).toBeLessThan(60);
});

describe('in the later version, the folder of the member', () => {
  it('is that of the invitation; the earlier version does not know it', async () => {
    const estate = await newDirectoryEstate();
    const { parent, rootFolderId, sibling } = estate;
    const apps = await foldered(estate, 'Apps');
    const web = await foldered(estate, 'Web', apps);
    const other = await registered(estate);
    const params = { TargetEntity: sibling.uid, TargetType: 'Account', ParentFolderId: web };
    const { Handshake } = await master(estate, parent, action, params);
    const earlier = await invited(estate, { ...params, TargetEntity: other.uid });
    await handled(estate, sibling, 'Accept', Handshake.HandshakeId);
    await handled(estate, other, 'Accept', earlier.HandshakeId);
    const placeOf = async (AccountId: number) =>
      (await directed(estate, parent, 'GetAccount', { AccountId })).Account.FolderId;
    expect(await placeOf(sibling.uid)).toBe(web);
    expect(await placeOf(other.uid)).toBe(rootFolderId);
  });

  it('is the root folder if that folder is deleted before the invitation is accepted', async () => {
    const estate = await newDirectoryEstate();
    const { parent, rootFolderId, sibling } = estate;
    const FolderId = await foldered(estate, 'Apps');
    const params = { TargetEntity: sibling.uid, TargetType: 'Account', ParentFolderId: FolderId };
    const { Handshake } = await master(estate, parent, action, params);
    await directed(estate, parent, 'DeleteFolder', { FolderId });
    await handled(estate, sibling, 'Accept', Handshake.HandshakeId);
    const { Account } = await directed(estate, parent, 'GetAccount', { AccountId: sibling.uid });
    expect(Account.FolderId).toBe(rootFolderId);
  });

  it('has to be one of the directory', async () => {
    const estate = await newDirectoryEstate();
    const { parent, sibling } = estate;
    const invite = (ParentFolderId: string) =>
      inMaster(estate, parent, action, { TargetEntity: sibling.uid, TargetType: 'Account', ParentFolderId });
    expect(await invite('fd-0123456789')).toStrictEqual(folderUnknown);
    expect(await invite('folder')).toStrictEqual(isInvalid('ParentFolderId'));
  });
});
