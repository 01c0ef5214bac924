import { expect, it } from 'vitest';
import { direct, directed, directoryUnknown, newDirectoryEstate } from '#test/directory/calls.ts';
import { idsIn, listsLikeAll } from '#test/directory/handshakeLists.ts';
import { handled, invited, listed } from '#test/directory/handshakes.ts';

listsLikeAll('ResourceDirectory');

it('only who manages a directory lists what it has sent', async () => {
  const estate = await newDirectoryEstate();
  const { sibling, stranger } = estate;
  const { HandshakeId } = await invited(estate);
  await handled(estate, sibling, 'Accept', HandshakeId);
  for (const by of [sibling, stranger]) {
    expect(await direct(estate, by, 'ListHandshakesForResourceDirectory')).toStrictEqual(directoryUnknown);
  }
  await directed(estate, stranger, 'InitResourceDirectory');
  expect(idsIn(await listed(estate, stranger, 'ResourceDirectory'))).toEqual([]);
});

it('another directory of the same account has none of the first one’s', async () => {
  const estate = await newDirectoryEstate();
  const { parent, sibling } = estate;
  const { HandshakeId } = await invited(estate);
  await directed(estate, parent, 'DestroyResourceDirectory');
  await directed(estate, parent, 'InitResourceDirectory');
  expect(idsIn(await listed(estate, parent, 'ResourceDirectory'))).toEqual([]);
  expect((await listed(estate, sibling, 'Account')).Handshakes.Handshake).toMatchObject([
    { HandshakeId, Status: 'Cancelled' },
  ]);
  await invited(estate);
});
