import { expect, it } from 'vitest';
import { direct, directInXml, isInvalid, lacks, newDirectoryEstate } from '#test/directory/calls.ts';
import {
  ANSWER_MS,
  handle,
  handled,
  handshakeUnfit,
  handshakeUnknown,
  invited,
  invitedByEmail,
  noHandshake,
  registered,
} from '#test/directory/handshakes.ts';

it('an invitation that is declined says when, and another may be sent', async () => {
  const estate = await newDirectoryEstate();
  const handshake = await invited(estate);
  estate.advance(60_000);
  expect(await handled(estate, estate.sibling, 'Decline', handshake.HandshakeId)).toStrictEqual({
    ...handshake,
    Status: 'Declined',
    ModifyTime: '2025-03-02T15:13:34Z',
  });
  const again = await invited(estate);
  expect(again.HandshakeId).not.toBe(handshake.HandshakeId);
});

it('whoever has the address declines, verified or not', async () => {
  const estate = await newDirectoryEstate();
  const { HandshakeId } = await invitedByEmail(estate);
  const invitee = await registered(estate, { Email: 'new@example.com', LegalName: '' });
  expect((await handled(estate, invitee, 'Decline', HandshakeId)).Status).toBe('Declined');
  const [told] = (await estate.dump()).filter(({ event, id }) => event === 'decline' && id === HandshakeId);
  expect(told?.['owners']).toEqual([estate.parent.uid, invitee.uid]);
});

it('nobody but the invitee declines', async () => {
  const estate = await newDirectoryEstate();
  const { HandshakeId } = await invited(estate);
  for (const by of [estate.parent, estate.stranger]) {
    expect(await handle(estate, by, 'Decline', HandshakeId)).toStrictEqual(handshakeUnknown);
  }
  expect((await handled(estate, estate.sibling, 'Get', HandshakeId)).Status).toBe('Pending');
});

it('what no longer waits is not declined', async () => {
  for (const end of ['Accept', 'Decline', 'Cancel', 'expire'] as const) {
    const estate = await newDirectoryEstate();
    const { parent, sibling } = estate;
    const { HandshakeId } = await invited(estate);
    if (end === 'expire') estate.advance(ANSWER_MS);
    else await handled(estate, end === 'Cancel' ? parent : sibling, end, HandshakeId);
    const before = await estate.dump();
    expect(await handle(estate, sibling, 'Decline', HandshakeId)).toStrictEqual(handshakeUnfit);
    expect(await estate.dump()).toEqual(before);
  }
});

it('an id is needed that is one', async () => {
  const estate = await newDirectoryEstate();
  expect(await direct(estate, estate.sibling, 'DeclineHandshake')).toStrictEqual(lacks('HandshakeId'));
  expect(await handle(estate, estate.sibling, 'Decline', 'x')).toStrictEqual(isInvalid('HandshakeId'));
  expect(await handle(estate, estate.sibling, 'Decline', noHandshake)).toStrictEqual(handshakeUnknown);
});

it('its answer in XML has the whole invitation', async () => {
  const estate = await newDirectoryEstate();
  const { HandshakeId } = await invited(estate);
  const xml = await directInXml(estate, estate.sibling, 'DeclineHandshake', { HandshakeId });
  expect(xml).toContain('<Status>Declined</Status>');
});
