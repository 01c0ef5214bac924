import { expect, test } from 'vitest';
import { isLoaded, loadDemoEstate } from '#infra/local/demoEstate.ts';
import { foldersIn } from '#lib/domain/directory/folders.ts';
import { findAccessKey, issue, revoke } from '#lib/store/accessKeys.ts';
import { register } from '#lib/store/accounts.ts';
import { openMembers } from '#lib/store/directory/lists.ts';
import { commit } from '#lib/table/commit.ts';
import { directed } from '#test/directory/calls.ts';
import { newEstate } from '#test/support/estate.ts';

const PARENT_UID = 1738376485192612;
const MEMBER_UID = 1902647315504418;

test('an empty table has the whole demo estate after it is loaded, and loading it again changes nothing', async () => {
  const { deps, dump } = await newEstate();
  expect(await isLoaded(deps)).toBe(false);
  await loadDemoEstate(deps);
  expect(await isLoaded(deps)).toBe(true);
  expect(await deps.accounts.list(10, 0)).toHaveLength(7);
  const loaded = await dump();
  await loadDemoEstate(deps);
  expect(await dump()).toEqual(loaded);
});

test('an estate of an earlier version gets the accounts it lacks, and what it has stays as it was', async () => {
  const { deps, dump } = await newEstate();
  const account = { uid: PARENT_UID, name: 'mine', legalName: 'Mine Ltd.', createdAtMs: 1 };
  await commit(deps.table, register(account, 'given'));
  const key = { keyId: 'TRIBDEMOPARENT', uid: PARENT_UID, active: true, createdAtMs: 1 };
  await commit(deps.table, issue(key));
  await commit(deps.table, revoke(key));
  await commit(deps.table, issue({ keyId: 'TRIBDEMOOPERATOR', active: true, createdAtMs: 1 }));
  const before = await dump();
  await loadDemoEstate(deps);
  expect(await dump()).toEqual(expect.arrayContaining(before));
  expect(await deps.accounts.list(10, 0)).toHaveLength(7);
  expect(await findAccessKey(deps.table, 'TRIBDEMOSUB')).toMatchObject({ active: true });
});

test('the parent manages a directory with two folders, a resource account and a cloud account, and the child is outside', async () => {
  const { deps } = await newEstate();
  await loadDemoEstate(deps);
  const directory = await deps.directories.get(PARENT_UID);
  const folders = foldersIn(directory, directory.rootFolderId);
  expect(folders.map(({ name }) => name)).toEqual(['Apps', 'Sandbox']);
  const { members, total } = await openMembers(deps.table).page(PARENT_UID, { tags: [] }, { offset: 0, limit: 10 });
  expect(total).toBe(2);
  expect(members.map(({ accountType, joinMethod }) => [accountType, joinMethod])).toEqual([
    ['resource', 'created'],
    ['cloud', 'created'],
  ]);
  const inFolders = await Promise.all(
    folders.map(({ id }) => openMembers(deps.table).pageIn(id, { tags: [] }, { offset: 0, limit: 10 })),
  );
  expect(inFolders.map((page) => page.total)).toEqual([1, 1]);
});

test('a member that was removed is not brought back', async () => {
  const estate = await newEstate();
  const { deps } = estate;
  await loadDemoEstate(deps);
  const keyId = 'TRIBDEMOPARENT';
  const parent = { uid: PARENT_UID, keyId, secret: deps.keyring.derive(keyId) };
  await directed(estate, parent, 'RemoveCloudAccount', { AccountId: MEMBER_UID });
  await loadDemoEstate(deps);
  expect(await directed(estate, parent, 'ListAccounts')).toMatchObject({ TotalCount: 1 });
});

test('the pair for typed SDKs has uids of ten digits that fit 32 bits, and two legal names', async () => {
  const { deps } = await newEstate();
  await loadDemoEstate(deps);
  const [one, other, ...more] = (await deps.accounts.list(10, 0)).filter(({ uid }) => uid < 2 ** 31);
  expect(more).toEqual([]);
  expect([one, other].map((account) => String(account?.uid))).toEqual(Array(2).fill(expect.stringMatching(/^\d{10}$/)));
  expect(one?.legalName).not.toBe(other?.legalName);
});
