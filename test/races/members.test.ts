import { expect, it } from 'vitest';
import { app as deleteFolder } from '#functions/directory/DeleteFolder.ts';
import { app as moveAccount } from '#functions/directory/MoveAccount.ts';
import { folderIdOf } from '#lib/domain/directory/member.ts';
import { countedIn, occupancyKeys, seatsRow } from '#lib/store/directory/seats.ts';
import {
  created,
  type DirectoryEstate,
  direct,
  directed,
  foldered,
  newDirectoryEstate,
} from '#test/directory/calls.ts';
import { cloudMember, rootKey, storedMember } from '#test/directory/members.ts';
import { atOnce, stored, tally } from '#test/races/answers.ts';
import { race, racer } from '#test/races/rounds.ts';
import { times } from '#test/support/breadth.ts';
import type { Answer } from '#test/support/estate.ts';

const ROUNDS = times(20, 6);

/** How many members the lists of these folders have, which must agree with the list of all, with the rows and with what is counted. */
async function settledIn(estate: DirectoryEstate, folderIds: readonly string[]): Promise<number[]> {
  const { parent } = estate;
  const ofFolders = await Promise.all(
    folderIds.map((ParentFolderId) => listed(estate, 'ListAccountsForParent', { ParentFolderId })),
  );
  const all = await listed(estate, 'ListAccounts');
  const byUid = (ids: readonly string[]) => ids.toSorted();
  expect(byUid(ofFolders.flat())).toEqual(byUid(all));
  const members = await stored(estate, 'member');
  expect(members.filter(({ status }) => status === 'joined')).toHaveLength(all.length);
  const counts = await stored(estate, 'seats');
  const countedAt = (begins: string) =>
    counts.filter(({ pk, sk }) => `${pk} ${sk}`.startsWith(begins)).map((row) => seatsRow.read(row).members);
  const sumOf = (all: readonly number[]) => all.reduce((sum, one) => sum + one, 0);
  expect(sumOf(countedAt(`ACCOUNT#${parent.uid} `))).toBe(all.length);
  for (const [index, id] of folderIds.entries()) {
    const shards = countedAt(`FOLDER#${id} `);
    expect(shards.filter((count) => count < 0)).toEqual([]);
    expect(sumOf(shards)).toBe(ofFolders[index]?.length);
  }
  return ofFolders.map((ids) => ids.length);
}

/** The ids in a list, of whose total and uniqueness the answer itself must be right. */
async function listed(estate: DirectoryEstate, action: string, params: Record<string, string> = {}): Promise<string[]> {
  const { Accounts, TotalCount } = await directed(estate, estate.parent, action, { PageSize: 100, ...params });
  const ids = idsIn(Accounts);
  expect(ids).toHaveLength(TotalCount);
  expect(new Set(ids).size).toBe(ids.length);
  return ids;
}

function idsIn({ Account }: Answer['body']): string[] {
  return Account.map(({ AccountId }: Answer['body']) => AccountId);
}

function move(estate: DirectoryEstate, AccountId: string | number, DestinationFolderId: string): Promise<Answer> {
  return direct(estate, estate.parent, 'MoveAccount', { AccountId, DestinationFolderId });
}

it('a member that is moved to two folders at once is in one of them, and counted there alone, however often', async () => {
  const estate = await newDirectoryEstate();
  const { deps, parent, rootFolderId } = estate;
  const folders = [await foldered(estate, 'One'), await foldered(estate, 'Two'), rootFolderId];
  const AccountId = Number((await created(estate, 'Dev')).AccountId);
  for (let round = 0; round < times(1000, 160); round++) {
    const destinations = [folders[round % 3] ?? '', folders[(round + 1) % 3] ?? ''];
    const movers = destinations.map((DestinationFolderId) =>
      racer(estate, moveAccount, parent, { AccountId, DestinationFolderId }),
    );
    expect(await race(round, movers), `round ${round}`).toEqual(['done', 'done']);
    // What is miscounted once stays so.
    if (round % 50 !== 49) continue;
    const inside = folderIdOf(await storedMember(estate, AccountId));
    expect(destinations, `round ${round}`).toContain(inside);
    const counts = await Promise.all(folders.map((id) => deps.table.getMany(occupancyKeys(id))));
    expect(counts.map(countedIn), `round ${round}`).toEqual(folders.map((id) => (id === inside ? 1 : 0)));
  }
  expect((await settledIn(estate, folders)).toSorted()).toEqual([0, 0, 1]);
});

it('a folder is deleted while members are moved into it and out of it: either it is gone, or they are in it', async () => {
  const estate = await newDirectoryEstate();
  const { parent, rootFolderId } = estate;
  const uids = await Promise.all(['One', 'Two'].map(async (name) => Number((await created(estate, name)).AccountId)));
  const outcomes = new Set<string>();
  for (let round = 0; round < times(100, 24); round++) {
    const FolderId = await foldered(estate, `Folder${round}`);
    const moving = (AccountId: number, DestinationFolderId: string) =>
      racer(estate, moveAccount, parent, { AccountId, DestinationFolderId });
    const [first = 0, second = 0] = uids;
    if (round % 2 === 0) await moving(first, FolderId)();
    const deletion = racer(estate, deleteFolder, parent, { FolderId });
    const [deleted, , moved] = await race(round, [deletion, moving(first, rootFolderId), moving(second, FolderId)]);
    outcomes.add(`${deleted} ${moved}`);
    const inside = folderIdOf(await storedMember(estate, second));
    expect(inside, `round ${round}`).toBe(moved === 'done' ? FolderId : rootFolderId);
    expect(deleted === 'done', `round ${round}`).toBe(moved === 'FolderUnknown');
    await moving(second, rootFolderId)();
    await deletion();
  }
  expect(outcomes).toContain('FolderHasMembers done');
  expect(await settledIn(estate, [rootFolderId])).toEqual([2]);
});

it('no list shows a member twice while many are moved, and none is missing once they have settled', async () => {
  const estate = await newDirectoryEstate();
  const folders = [estate.rootFolderId, await foldered(estate, 'One'), await foldered(estate, 'Two')];
  const members = await Promise.all(Array.from({ length: 20 }, (_, index) => created(estate, `Member ${index}`)));
  let isMoving = true;
  const reading = (async () => {
    for (let turn = 0; isMoving; turn++) {
      const params = { ParentFolderId: folders[turn % 3], PageSize: 100 };
      for (const [action, more] of [['ListAccountsForParent', params] as const, ['ListAccounts', {}] as const]) {
        const { Accounts } = await directed(estate, estate.parent, action, { PageSize: 100, ...more });
        const ids = idsIn(Accounts);
        expect(new Set(ids).size).toBe(ids.length);
        if (action === 'ListAccounts') expect(ids).toHaveLength(20);
      }
    }
  })();
  for (let round = 0; round < 5; round++) {
    const answers = await Promise.all(
      members.map(({ AccountId }, index) => move(estate, AccountId, folders[(index + round) % 3] ?? '')),
    );
    expect(tally(answers)).toEqual({ done: 20 });
  }
  isMoving = false;
  await reading;
  expect((await settledIn(estate, folders)).toSorted()).toEqual([6, 7, 7]);
});

it('of a renaming and a creation with one name, one has it', async () => {
  const estate = await newDirectoryEstate();
  const { parent } = estate;
  const { AccountId } = await created(estate, 'Member');
  for (let round = 0; round < times(15, 5); round++) {
    const name = `Name ${round}`;
    const answers = await Promise.all([
      direct(estate, parent, 'UpdateAccount', { AccountId, NewDisplayName: name }),
      direct(estate, parent, 'CreateResourceAccount', { DisplayName: name }),
    ]);
    expect(tally(answers)).toEqual({ done: 1, DisplayNameTaken: 1 });
    const { Accounts } = await directed(estate, parent, 'ListAccounts', { PageSize: 100 });
    const bearers = Accounts.Account.filter(({ DisplayName }: Answer['body']) => DisplayName === name);
    expect(bearers).toHaveLength(1);
  }
  const names = (await stored(estate, 'memberName')).length;
  expect(names).toBe((await stored(estate, 'member')).length);
});

it('a member that is moved while it is removed leaves nothing behind in either folder', async () => {
  const estate = await newDirectoryEstate();
  const { parent, rootFolderId } = estate;
  const folder = await foldered(estate, 'Apps');
  for (let round = 0; round < ROUNDS; round++) {
    const AccountId = await cloudMember(estate, 'Dev');
    const [removal, movement] = await Promise.all([
      direct(estate, parent, 'RemoveCloudAccount', { AccountId }),
      move(estate, AccountId, folder),
    ]);
    expect(removal.status).toBe(200);
    expect(movement.status === 200 || movement.body.Reason === 'MemberUnknown').toBe(true);
    expect(await settledIn(estate, [rootFolderId, folder])).toEqual([0, 0]);
  }
});

it('of many removals at once one is done', async () => {
  const estate = await newDirectoryEstate();
  const AccountId = await cloudMember(estate, 'Dev');
  const answers = await atOnce(20, () => direct(estate, estate.parent, 'RemoveCloudAccount', { AccountId }));
  expect(tally(answers)).toEqual({ done: 1, MemberUnknown: 19 });
  expect(await settledIn(estate, [estate.rootFolderId])).toEqual([0]);
});

it('no resource account ever has an active key of its root user, however keys are issued and revoked meanwhile', async () => {
  const estate = await newDirectoryEstate();
  const { call, operator, parent } = estate;
  for (let round = 0; round < ROUNDS; round++) {
    const uid = await cloudMember(estate, `Member ${round}`, { email: `dev${round}@example.com` });
    const first = await rootKey(estate, uid);
    const [switching, issuing, ...revoking] = await Promise.all([
      direct(estate, parent, 'UpdateAccount', { AccountId: uid, NewAccountType: 'ResourceAccount' }),
      call(operator, 'IssueAccessKey', { Uid: uid, Root: true }),
      call(operator, 'RevokeAccessKey', { AccessKeyId: first.keyId }),
      call(operator, 'RevokeAccessKey', { AccessKeyId: first.keyId }),
    ]);
    expect(tally(revoking)).toEqual({ done: 2 });
    expect(switching.status === 200 || switching.body.Reason === 'RootKeyInUse').toBe(true);
    expect(issuing.status === 200 || issuing.body.Reason === 'RootUserDisabled').toBe(true);
    const active = (await stored(estate, 'accessKey')).filter((key) => key['uid'] === uid && key['active']);
    expect(active).toHaveLength(issuing.status === 200 ? 1 : 0);
    const { accountType } = await storedMember(estate, uid);
    expect(accountType).toBe(switching.status === 200 ? 'resource' : 'cloud');
    expect(active.length === 0 || accountType === 'cloud').toBe(true);
    const [counted] = (await stored(estate, 'rootKeys')).filter(({ pk }) => pk === `ACCOUNT#${uid}`);
    expect(counted?.['active']).toBe(active.length);
    if (accountType === 'cloud') await direct(estate, parent, 'RemoveCloudAccount', { AccountId: uid });
    else await direct(estate, parent, 'UpdateAccount', { AccountId: uid, NewAccountType: 'CloudAccount' });
    await direct(estate, parent, 'RemoveCloudAccount', { AccountId: uid });
  }
});
