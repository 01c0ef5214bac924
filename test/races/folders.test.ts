import { expect, it } from 'vitest';
import { app as createFolder } from '#functions/directory/CreateFolder.ts';
import { app as createResourceAccount } from '#functions/directory/CreateResourceAccount.ts';
import { app as deleteFolder } from '#functions/directory/DeleteFolder.ts';
import { app as destroyDirectory } from '#functions/directory/DestroyResourceDirectory.ts';
import { app as initDirectory } from '#functions/directory/InitResourceDirectory.ts';
import { app as updateFolder } from '#functions/directory/UpdateFolder.ts';
import { foldersIn } from '#lib/domain/directory/folders.ts';
import { folderIdOf } from '#lib/domain/directory/member.ts';
import { Refusal } from '#lib/errors.ts';
import { memberOf } from '#lib/store/directory/members.ts';
import {
  closeEmpty,
  countedIn,
  enterFolder,
  leaveFolder,
  occupancyKeys,
  openFolder,
} from '#lib/store/directory/seats.ts';
import { type DirectoryEstate, newDirectoryEstate } from '#test/directory/calls.ts';
import { crowd, race, racer, writer } from '#test/races/rounds.ts';
import { times } from '#test/support/breadth.ts';
import type { Params, Signer } from '#test/support/estate.ts';

/** Makes a folder in the parent's directory, and answers its id. */
async function made(estate: DirectoryEstate, FolderName: string): Promise<string> {
  const { deps, parent, rootFolderId } = estate;
  expect(await racer(estate, createFolder, parent, { FolderName })()).toBe('done');
  const within = foldersIn(await deps.directories.get(parent.uid), rootFolderId);
  return within.find(({ name }) => name === FolderName)?.id ?? '';
}

function making(estate: DirectoryEstate, FolderName: string, ParentFolderId?: string) {
  return racer(estate, createFolder, estate.parent, { FolderName, ParentFolderId });
}

function deletion(estate: DirectoryEstate, FolderId: string) {
  return racer(estate, deleteFolder, estate.parent, { FolderId });
}

function creation(estate: DirectoryEstate, by: Signer, DisplayName: string, params: Params = {}) {
  return racer(estate, createResourceAccount, by, { DisplayName, Tag: [], ResellAccountType: 'resell', ...params });
}

/** Expects each folder of the directory to count the members that are in it, and nothing to be left of any other folder. */
async function expectNoOrphans({ deps, dump, parent, rootFolderId }: DirectoryEstate): Promise<void> {
  const { folders } = await deps.directories.get(parent.uid);
  const none = Object.fromEntries([rootFolderId, ...Object.keys(folders)].map((id) => [id, 0]));
  const [counted, present] = [{ ...none }, { ...none }];
  for (const row of await dump()) {
    const { members, pk, sk, type } = row;
    const id = String(pk).replace('FOLDER#', '');
    if (type === 'seats' && id !== pk) counted[id] = (counted[id] ?? Number.NaN) + Number(members);
    if (type !== 'member') continue;
    const inside = folderIdOf(memberOf({ ...row, pk: String(pk), sk: String(sk) }));
    present[inside] = (present[inside] ?? Number.NaN) + 1;
  }
  expect(counted).toEqual(present);
}

it('a folder is deleted while members are created in it: either it is gone, or they are in it', async () => {
  const estate = await newDirectoryEstate();
  const { call, operator, parent } = estate;
  await call(operator, 'PutDirectoryQuotas', { Uid: parent.uid, Members: 1000 });
  const outcomes = new Set<string>();
  for (let round = 0; round < times(60, 24); round++) {
    const ParentFolderId = await made(estate, `Folder${round}`);
    const [deleted, ...entered] = await race(round, [
      deletion(estate, ParentFolderId),
      creation(estate, parent, `One ${round}`, { ParentFolderId }),
      creation(estate, parent, `Other ${round}`, { ParentFolderId }),
    ]);
    if (deleted === 'done') expect(entered, `round ${round}`).toEqual(['FolderUnknown', 'FolderUnknown']);
    else
      expect({ deleted, entered }).toMatchObject({
        deleted: 'FolderHasMembers',
        entered: expect.arrayContaining(['done']),
      });
    outcomes.add(String(deleted));
  }
  expect([...outcomes].toSorted()).toEqual(['FolderHasMembers', 'done']);
  await expectNoOrphans(estate);
});

it('a folder is closed while members move into it and out of it: none is ever in a folder that is gone', async () => {
  const estate = await newDirectoryEstate();
  const { deps, rootFolderId } = estate;
  const folderId = 'fd-1234567890';
  const uids = [1_000_000_000_000_001, 1_000_000_000_000_002];
  const inside = new Set<number>();
  let isOpen = false;
  for (const uid of uids) await writer(estate, [enterFolder({ folderId: rootFolderId, uid })])();
  const move = (uid: number) => {
    const [from, to] = inside.has(uid) ? [folderId, rootFolderId] : [rootFolderId, folderId];
    return writer(estate, [leaveFolder({ folderId: from, uid }), enterFolder({ folderId: to, uid })]);
  };
  const closing = closeEmpty(occupancyKeys(folderId), () => new Refusal('FolderHasMembers', {}));
  for (let round = 0; round < times(560, 96); round++) {
    if (!isOpen) await writer(estate, openFolder(folderId))();
    const before = inside.size;
    const [closed, ...moved] = await race(round, [writer(estate, closing), ...uids.map(move)]);
    for (const [index, uid] of uids.entries()) {
      if (moved[index] !== 'done') expect(moved[index]).toBe('FolderUnknown');
      else if (!inside.delete(uid)) inside.add(uid);
    }
    isOpen = closed !== 'done';
    if (!isOpen) expect(inside.size, `round ${round}`).toBe(0);
    else expect({ closed, hadAny: before + inside.size > 0 }).toEqual({ closed: 'FolderHasMembers', hadAny: true });
  }
  const counts = async (id: string) => countedIn(await deps.table.getMany(occupancyKeys(id)));
  expect([await counts(folderId), await counts(rootFolderId)]).toEqual([inside.size, uids.length - inside.size]);
});

it('two folders that would together be one too many are not both made', async () => {
  const estate = await newDirectoryEstate();
  const { deps, parent } = estate;
  await crowd(estate, await deps.directories.get(parent.uid), 1);
  for (let round = 0; round < times(100, 24); round++) {
    const outcomes = await race(round, [making(estate, `New`), making(estate, `Newer`)]);
    expect(outcomes.toSorted(), `round ${round}`).toEqual(['FolderQuotaReached', 'done']);
    const { folders } = await deps.directories.get(parent.uid);
    expect(Object.keys(folders)).toHaveLength(100);
    const [id = ''] = Object.keys(folders).filter((one) => folders[one]?.name.startsWith('New'));
    await deletion(estate, id)();
  }
});

it('folders that are made, and one that is renamed, at the same time never share a name', async () => {
  const estate = await newDirectoryEstate();
  const { deps, parent } = estate;
  const FolderId = await made(estate, 'Old');
  for (let round = 0; round < times(100, 24); round++) {
    const rename = racer(estate, updateFolder, parent, { FolderId, NewFolderName: 'Same' });
    const outcomes = await race(round, [making(estate, 'Same'), making(estate, 'Same'), rename]);
    expect(outcomes.toSorted(), `round ${round}`).toEqual(['FolderNameTaken', 'FolderNameTaken', 'done']);
    const { folders } = await deps.directories.get(parent.uid);
    const [id = '', ...others] = Object.keys(folders).filter((one) => folders[one]?.name === 'Same');
    expect(others).toEqual([]);
    await (id === FolderId
      ? racer(estate, updateFolder, parent, { FolderId, NewFolderName: 'Old' })()
      : deletion(estate, id)());
  }
});

it('a folder is deleted while one is made in it: either it is gone, or it has that', async () => {
  const estate = await newDirectoryEstate();
  for (let round = 0; round < times(100, 24); round++) {
    const id = await made(estate, `Folder${round}`);
    const outcomes = await race(round, [deletion(estate, id), making(estate, 'Inner', id)]);
    expect(
      [
        ['done', 'FolderUnknown'],
        ['FolderHasFolders', 'done'],
      ],
      `round ${round}`,
    ).toContainEqual(outcomes);
    if (outcomes[0] !== 'done') {
      const { folders } = await estate.deps.directories.get(estate.parent.uid);
      for (const [inner] of Object.entries(folders).filter(([, { parentId }]) => parentId === id))
        await deletion(estate, inner)();
      await deletion(estate, id)();
    }
  }
  await expectNoOrphans(estate);
});

it('a directory is destroyed while a member is created in it: either it is gone, or it has a member', async () => {
  const estate = await newDirectoryEstate();
  const destroyed: number[] = [];
  for (let round = 0; round < times(80, 24); round++) {
    const by = await estate.account('Acme');
    await racer(estate, initDirectory, by, {})();
    const outcomes = await race(round, [racer(estate, destroyDirectory, by, {}), creation(estate, by, 'Dev')]);
    expect(
      [
        ['done', 'DirectoryUnknown'],
        ['MembersRemain', 'done'],
      ],
      `round ${round}`,
    ).toContainEqual(outcomes);
    if (outcomes[0] === 'done') destroyed.push(by.uid);
  }
  const rows = (await estate.dump()).filter(
    ({ managementUid, type }) => type !== 'event' && destroyed.includes(Number(managementUid)),
  );
  expect(rows).toEqual([]);
});
