import { expect, it } from 'vitest';
import {
  created,
  direct,
  directed,
  directoryUnknown,
  foldered,
  newDirectoryEstate,
  signerOf,
} from '#test/directory/calls.ts';
import { ANSWER_MS, handled, invited, invitedByEmail } from '#test/directory/handshakes.ts';
import { refused, serverRequestId } from '#test/support/refusals.ts';

const kept = ['account', 'accessKey', 'ownKey', 'email', 'event', 'nonce', 'answer'];

it('an empty directory is destroyed with all its rows, and its account may enable another', async () => {
  const estate = await newDirectoryEstate();
  const { call, directoryId, operator, parent } = estate;
  await call(operator, 'PutDirectoryQuotas', { Uid: parent.uid, Members: 1000 });
  expect(await directed(estate, parent, 'DestroyResourceDirectory')).toStrictEqual({ RequestId: serverRequestId });
  const left = new Set((await estate.dump()).map(({ type }) => type).filter((type) => !kept.includes(String(type))));
  expect([...left]).toEqual([]);
  expect(await direct(estate, parent, 'DestroyResourceDirectory')).toStrictEqual(directoryUnknown);
  expect(await direct(estate, parent, 'GetResourceDirectory')).toMatchObject({ status: 404 });
  const { ResourceDirectory } = await directed(estate, parent, 'InitResourceDirectory');
  expect(ResourceDirectory.ResourceDirectoryId).not.toBe(directoryId);
  await created(estate, 'Dev');
});

it('a directory with members stays', async () => {
  const estate = await newDirectoryEstate();
  await created(estate, 'Dev');
  const before = await estate.dump();
  expect(await direct(estate, estate.parent, 'DestroyResourceDirectory')).toStrictEqual(
    refused(
      'MembersRemain',
      'DeleteConflict.ResourceDirectory.Account',
      'Failed to delete the resource directory because one or more member accounts exist. We recommend that you first remove these member accounts.',
      409,
    ),
  );
  expect(await estate.dump()).toEqual(before);
});

it('a directory with folders stays until they are deleted', async () => {
  const estate = await newDirectoryEstate();
  const FolderId = await foldered(estate, 'Apps');
  expect(await direct(estate, estate.parent, 'DestroyResourceDirectory')).toStrictEqual(
    refused('FolderHasFolders', 'DeleteConflict.Folder.SubFolder', 'This folder has sub folders.', 409),
  );
  await directed(estate, estate.parent, 'DeleteFolder', { FolderId });
  await directed(estate, estate.parent, 'DestroyResourceDirectory');
});

it('neither a member nor an outsider has one to destroy', async () => {
  const estate = await newDirectoryEstate();
  const member = await signerOf(estate, (await created(estate, 'Dev')).AccountId);
  expect(await direct(estate, member, 'DestroyResourceDirectory')).toStrictEqual(directoryUnknown);
  expect(await direct(estate, estate.stranger, 'DestroyResourceDirectory')).toStrictEqual(directoryUnknown);
});

it('invitations that wait are withdrawn with it, as many as there may be; what became of the others stays', async () => {
  const estate = await newDirectoryEstate();
  const { call, operator, parent, sibling } = estate;
  await call(operator, 'PutDirectoryQuotas', { Uid: parent.uid, Members: 1000 });
  const expired = await invitedByEmail(estate, 'old@example.com');
  estate.advance(ANSWER_MS);
  const waiting = [await invited(estate)];
  for (let nth = 1; nth < 20; nth++) waiting.push(await invitedByEmail(estate, `new${nth}@example.com`));
  await directed(estate, parent, 'DestroyResourceDirectory');
  const statuses = waiting.map(async ({ HandshakeId }) => (await handled(estate, parent, 'Get', HandshakeId)).Status);
  expect(new Set(await Promise.all(statuses))).toEqual(new Set(['Cancelled']));
  expect((await handled(estate, sibling, 'Get', waiting[0].HandshakeId)).Status).toBe('Cancelled');
  expect((await handled(estate, parent, 'Get', expired.HandshakeId)).Status).toBe('Expired');
  const [event] = await estate.deps.ledger.ofSubject('handshake', waiting[0].HandshakeId, 1);
  expect(event).toMatchObject({ event: 'cancel', actor: parent.uid, action: 'DestroyResourceDirectory' });
});
