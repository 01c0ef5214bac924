import { expect, it } from 'vitest';
import { job as expireInvitations } from '#functions/workers/expireInvitations.ts';
import { direct, directInXml, isInvalid, lacks, newDirectoryEstate } from '#test/directory/calls.ts';
import {
  ANSWER_MS,
  handle,
  handled,
  handshakeUnfit,
  handshakeUnknown,
  invited,
  invitedByEmail,
  KEPT_MS,
  noHandshake,
  registered,
} from '#test/directory/handshakes.ts';
import { refused } from '#test/support/refusals.ts';

it('both read an invitation; the invitee alone is told both verified names', async () => {
  const estate = await newDirectoryEstate();
  const { parent, sibling } = estate;
  const handshake = await invited(estate);
  expect(await handled(estate, parent, 'Get', handshake.HandshakeId)).toStrictEqual(handshake);
  expect(await handled(estate, sibling, 'Get', handshake.HandshakeId)).toStrictEqual({
    ...handshake,
    MasterAccountRealName: 'Acme',
    InvitedAccountRealName: 'Acme',
  });
});

it('once it is accepted its sender alone reads it', async () => {
  const estate = await newDirectoryEstate();
  const { parent, sibling } = estate;
  const handshake = await invited(estate, { Note: 'Welcome' });
  await handled(estate, sibling, 'Accept', handshake.HandshakeId);
  estate.advance(ANSWER_MS + KEPT_MS);
  expect(await handled(estate, parent, 'Get', handshake.HandshakeId)).toStrictEqual({
    ...handshake,
    Status: 'Accepted',
  });
  expect(await handle(estate, sibling, 'Get', handshake.HandshakeId)).toStrictEqual(handshakeUnfit);
});

it('an invitation expires at its deadline, and is gone thirty days later', async () => {
  const estate = await newDirectoryEstate();
  const { parent, sibling } = estate;
  const handshake = await invited(estate);
  estate.advance(ANSWER_MS - 1);
  expect((await handled(estate, parent, 'Get', handshake.HandshakeId)).Status).toBe('Pending');
  estate.advance(1);
  expect(await handled(estate, parent, 'Get', handshake.HandshakeId)).toStrictEqual({
    ...handshake,
    Status: 'Expired',
    ModifyTime: handshake.ExpireTime,
  });
  estate.advance(KEPT_MS - 1);
  expect((await handled(estate, sibling, 'Get', handshake.HandshakeId)).Status).toBe('Expired');
  estate.advance(1);
  for (const by of [parent, sibling]) {
    expect(await handle(estate, by, 'Get', handshake.HandshakeId)).toStrictEqual(handshakeUnknown);
  }
});

it('a sweep records that it has expired, and changes nothing of what is read', async () => {
  const estate = await newDirectoryEstate();
  const { deps, parent } = estate;
  const { HandshakeId } = await invited(estate);
  estate.advance(ANSWER_MS + 60_000);
  const before = await handled(estate, parent, 'Get', HandshakeId);
  expect(await expireInvitations.run({ deps }, () => 1000)).toMatchObject({ found: 1, expired: 1 });
  expect(await handled(estate, parent, 'Get', HandshakeId)).toStrictEqual(before);
  const [event] = await deps.ledger.ofSubject('handshake', HandshakeId, 1);
  expect(event).toMatchObject({ event: 'expire', from: 'pending', to: 'expired', actor: 'clock' });
  estate.advance(KEPT_MS - 60_000);
  expect(await handle(estate, parent, 'Get', HandshakeId)).toStrictEqual(handshakeUnknown);
});

it('one that was declined or withdrawn is read for thirty days', async () => {
  for (const end of ['Decline', 'Cancel'] as const) {
    const estate = await newDirectoryEstate();
    const { parent, sibling } = estate;
    const { HandshakeId } = await invited(estate);
    const { Status } = await handled(estate, end === 'Cancel' ? parent : sibling, end, HandshakeId);
    estate.advance(KEPT_MS - 1);
    for (const by of [parent, sibling]) expect((await handled(estate, by, 'Get', HandshakeId)).Status).toBe(Status);
    estate.advance(1);
    for (const by of [parent, sibling]) {
      expect(await handle(estate, by, 'Get', HandshakeId)).toStrictEqual(handshakeUnknown);
    }
  }
});

it('to everybody else there is none', async () => {
  const estate = await newDirectoryEstate();
  const { HandshakeId } = await invited(estate);
  expect(await handle(estate, estate.stranger, 'Get', HandshakeId)).toStrictEqual(handshakeUnknown);
  expect(await handle(estate, estate.parent, 'Get', noHandshake)).toStrictEqual(handshakeUnknown);
});

it('whoever has the address but is not verified is told so', async () => {
  const estate = await newDirectoryEstate();
  const { HandshakeId } = await invitedByEmail(estate);
  const invitee = await registered(estate, { Email: 'new@example.com', LegalName: '' });
  expect(await handle(estate, invitee, 'Get', HandshakeId)).toStrictEqual(
    refused(
      'InviteeUnverified',
      'NoRealNameAuthentication',
      'The account invited has not passed real-name authentication.',
      409,
    ),
  );
});

it('an id is needed that is one', async () => {
  const estate = await newDirectoryEstate();
  expect(await direct(estate, estate.parent, 'GetHandshake')).toStrictEqual(lacks('HandshakeId'));
  expect(await handle(estate, estate.parent, 'Get', 'h-')).toStrictEqual(isInvalid('HandshakeId'));
});

it('its answer in XML has the same fields', async () => {
  const estate = await newDirectoryEstate();
  const { HandshakeId } = await invited(estate, { Note: 'a < b' });
  const xml = await directInXml(estate, estate.sibling, 'GetHandshake', { HandshakeId });
  expect(xml).toContain('<Note>a &lt; b</Note><Status>Pending</Status>');
  expect(xml).toContain('<MasterAccountRealName>Acme</MasterAccountRealName>');
});
