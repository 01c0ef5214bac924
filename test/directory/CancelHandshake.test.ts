import { expect, it } from 'vitest';
import { direct, directed, directInXml, isInvalid, lacks, newDirectoryEstate } from '#test/directory/calls.ts';
import {
  ANSWER_MS,
  handle,
  handled,
  handshakeUnfit,
  handshakeUnknown,
  invited,
  invitedByEmail,
  noHandshake,
} from '#test/directory/handshakes.ts';

it('an invitation that is withdrawn says when, and another may be sent', async () => {
  const estate = await newDirectoryEstate();
  const handshake = await invitedByEmail(estate);
  estate.advance(60_000);
  expect(await handled(estate, estate.parent, 'Cancel', handshake.HandshakeId)).toStrictEqual({
    ...handshake,
    Status: 'Cancelled',
    ModifyTime: '2025-03-02T15:13:34Z',
  });
  await invitedByEmail(estate);
});

it('nobody but who sent it withdraws it', async () => {
  const estate = await newDirectoryEstate();
  const { HandshakeId } = await invited(estate);
  await directed(estate, estate.child, 'InitResourceDirectory');
  for (const by of [estate.sibling, estate.child, estate.stranger]) {
    expect(await handle(estate, by, 'Cancel', HandshakeId)).toStrictEqual(handshakeUnknown);
  }
  expect((await handled(estate, estate.parent, 'Get', HandshakeId)).Status).toBe('Pending');
});

it('what no longer waits is not withdrawn', async () => {
  for (const end of ['Accept', 'Decline', 'Cancel', 'expire'] as const) {
    const estate = await newDirectoryEstate();
    const { parent, sibling } = estate;
    const { HandshakeId } = await invited(estate);
    if (end === 'expire') estate.advance(ANSWER_MS);
    else await handled(estate, end === 'Cancel' ? parent : sibling, end, HandshakeId);
    const before = await estate.dump();
    expect(await handle(estate, parent, 'Cancel', HandshakeId)).toStrictEqual(handshakeUnfit);
    expect(await estate.dump()).toEqual(before);
  }
});

it('an id is needed that is one', async () => {
  const estate = await newDirectoryEstate();
  expect(await direct(estate, estate.parent, 'CancelHandshake')).toStrictEqual(lacks('HandshakeId'));
  expect(await handle(estate, estate.parent, 'Cancel', 'x')).toStrictEqual(isInvalid('HandshakeId'));
  expect(await handle(estate, estate.parent, 'Cancel', noHandshake)).toStrictEqual(handshakeUnknown);
});

it('its answer in XML has the whole invitation', async () => {
  const estate = await newDirectoryEstate();
  const { HandshakeId } = await invited(estate);
  const xml = await directInXml(estate, estate.parent, 'CancelHandshake', { HandshakeId });
  expect(xml).toContain('<Status>Cancelled</Status>');
});
