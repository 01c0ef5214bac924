import { expect, test } from 'vitest';
import { demoAccounts, loadDemoEstate } from '#infra/local/demoEstate.ts';
import { loadSeed } from '#infra/local/seed/load.ts';
import { readSeed } from '#infra/local/seed/read.ts';
import { foldersIn } from '#lib/domain/directory/folders.ts';
import { findAccessKey, issue, revoke } from '#lib/store/accessKeys.ts';
import { register } from '#lib/store/accounts.ts';
import { openMembers } from '#lib/store/directory/lists.ts';
import { pageOfBaselines } from '#lib/store/governance/baselineLists.ts';
import { getFactory } from '#lib/store/governance/factories.ts';
import { commit } from '#lib/table/commit.ts';
import { directed } from '#test/directory/calls.ts';
import { type Estate, newEstate } from '#test/support/estate.ts';

const PAYER = 1_000_000_000_000_001;
const BUYER = 1_000_000_000_000_002;
const MANAGER = 1_000_000_000_000_003;
const GUEST = 1_000_000_000_000_004;

const text = `
accounts:
  - name: payer@corp
    uid: ${PAYER}
    legalName: Payer Ltd.
    email: payer@corp.example
    keys:
      - { accessKeyId: PAYERKEY, accessKeySecret: payer-secret }
      - { accessKeyId: ROOTKEY1, accessKeySecret: root-secret1, root: true }
      - { accessKeyId: ROOTKEY2, root: true }
    standing: { availableBalance: 70, frozen: true }
  - name: buyer@corp
    uid: ${BUYER}
    legalName: Buyer Ltd.
  - name: manager@corp
    uid: ${MANAGER}
    legalName: Managed Ltd.
    keys: []
  - { name: guest@corp, uid: ${GUEST}, legalName: Guest Ltd. }
operators:
  - { accessKeyId: OPSKEY, accessKeySecret: ops-secret }
directories:
  - management: manager@corp
    id: rd-Seed01
    permitsDeletion: true
    folders:
      - name: Apps
        tags: { team: web }
        folders:
          - name: Web
          - name: Jobs
            id: fd-Jobs000001
    members:
      - displayName: Workload
        folder: Apps/Jobs
        payer: manager@corp
        tags: { env: test }
      - { type: cloud, displayName: Team, name: team@corp, email: team@corp.example }
      - { account: guest@corp, displayName: Guest }
    accountFactory: deploying
    baselines:
      - { system: true, name: Ours }
      - name: Strict
        items: [{ name: ACS-BP_ACCOUNT_FACTORY_RAM_USER_PASSWORD_POLICY, config: { MinimumPasswordLength: 12 } }]
relations:
  - { parent: payer@corp, child: buyer@corp, permissions: [share-credit, view-bills], nick: Buyers, lentCredit: 30 }
  - { parent: payer@corp, child: guest@corp, permissions: [4], status: inviting }
  - { parent: child@demo, child: manager@corp, permissions: [view-funds] }
`;

const load = ({ deps }: Estate, seed = text) => loadSeed(deps, readSeed('estate.yaml', seed), demoAccounts);

/** An estate with the demo accounts, as every emulator has them. */
async function demoEstate(): Promise<Estate> {
  const estate = await newEstate();
  await loadDemoEstate(estate.deps);
  return estate;
}

async function loadedEstate(): Promise<Estate> {
  const estate = await demoEstate();
  await load(estate);
  return estate;
}

const signer = (uid: number, keyId: string, secret: string) => ({ uid, keyId, secret });

test('accounts are registered with their names, e-mails and keys, given or drawn, and can sign', async () => {
  const estate = await loadedEstate();
  const { deps } = estate;
  expect(await deps.accounts.get(PAYER)).toMatchObject({
    name: 'payer@corp',
    legalName: 'Payer Ltd.',
    email: 'payer@corp.example',
  });
  const keys = [signer(PAYER, 'PAYERKEY', 'payer-secret'), signer(PAYER, 'ROOTKEY1', 'root-secret1')];
  const drawn = `TRIBSEED${BUYER}`;
  for (const one of [...keys, signer(BUYER, drawn, deps.keyring.derive(drawn))]) {
    expect(await estate.call(one, 'QueryRelationList', { UserId: one.uid })).toMatchObject({ status: 200 });
  }
  expect(await findAccessKey(deps.table, 'ROOTKEY2')).toMatchObject({ isRoot: true, uid: PAYER });
  expect(await findAccessKey(deps.table, `TRIBSEED${MANAGER}`)).toBeUndefined();
  const operator = signer(0, 'OPSKEY', 'ops-secret');
  expect(await estate.call(operator, 'DescribeAccountStanding', { Uid: PAYER })).toMatchObject({
    body: { AvailableBalance: 70, Arrears: 0, OpenOrders: 0, Frozen: true },
  });
});

test('relations are active or wait for the child, of the seed or of the demo estate, and credit is lent in them', async () => {
  const { deps } = await loadedEstate();
  const nowMs = deps.ports.now();
  const found = async (parentUid: number, childUid: number) =>
    deps.relations.get(await deps.relations.idOf({ parentUid, childUid }, undefined), nowMs);
  expect(await found(PAYER, BUYER)).toMatchObject({
    status: 'active',
    nick: 'Buyers',
    lentCredit: 30,
    grants: [{ permissions: ['share-credit', 'view-bills'] }],
  });
  expect(await deps.standings.get(BUYER)).toMatchObject({ availableBalance: 30 });
  expect(await found(PAYER, GUEST)).toMatchObject({ status: 'inviting', offered: { permissions: ['view-bills'] } });
  expect(await found(1512996702208737, MANAGER)).toMatchObject({ status: 'active' });
});

test('what awaits an answer is asked for, once, and without a mail', async () => {
  const seed = `
accounts:
  - { name: boss@corp, uid: ${MANAGER}, legalName: Managed Ltd., keys: [{ accessKeyId: BOSSKEY, accessKeySecret: boss-secret }] }
  - { name: guest@corp, uid: ${GUEST}, legalName: Managed Ltd., keys: [{ accessKeyId: GUESTKEY, accessKeySecret: guest-secret }] }
directories:
  - management: boss@corp
    folders: [{ name: Apps, id: fd-Apps000001 }]
    members:
      - { displayName: Growing, uid: ${BUYER}, promotion: { email: owner@corp.example } }
    invitations:
      - { account: guest@corp, note: Please join., folder: Apps, tags: { stage: test } }
      - { email: friend@corp.example }
    creations:
      - { displayName: Coming, uid: ${PAYER}, email: coming@corp.example, folder: Apps, payer: boss@corp }
`;
  const estate = await demoEstate();
  await load(estate, seed);
  const loaded = await estate.dump();
  await load(estate, seed);
  expect(await estate.dump()).toEqual(loaded);
  expect(loaded.filter(({ type }) => type === 'mail')).toEqual([]);
  const boss = signer(MANAGER, 'BOSSKEY', 'boss-secret');
  const { Handshakes } = await directed(estate, boss, 'ListHandshakesForResourceDirectory');
  expect(Handshakes.Handshake).toMatchObject([
    { TargetEntity: String(GUEST), TargetType: 'Account', Note: 'Please join.', Status: 'Pending' },
    { TargetEntity: 'friend@corp.example', TargetType: 'Email', Status: 'Pending' },
  ]);
  const promoting = await directed(estate, boss, 'GetAccount', { AccountId: BUYER });
  expect(promoting.Account).toMatchObject({ Status: 'PromoteVerifying', Type: 'ResourceAccount' });
  const records = loaded
    .filter(({ type }) => type === 'accountRecord')
    .toSorted((one) => (one['kind'] === 'creation' ? 1 : -1));
  expect(records.map(({ displayName, email }) => [displayName, email])).toEqual([
    ['Growing', 'owner@corp.example'],
    ['Coming', 'coming@corp.example'],
  ]);
  await directed(estate, boss, 'ResendPromoteResourceAccountEmail', { RecordId: String(records[0]?.['id']) });

  const guest = signer(GUEST, 'GUESTKEY', 'guest-secret');
  const { HandshakeId } = Handshakes.Handshake[0];
  await directed(estate, guest, 'AcceptHandshake', { HandshakeId });
  const joined = await directed(estate, boss, 'GetAccount', { AccountId: GUEST });
  expect(joined.Account).toMatchObject({ FolderId: 'fd-Apps000001', JoinMethod: 'invited' });
  const answered = await estate.dump();
  await load(estate, seed);
  expect(await estate.dump()).toEqual(answered);
});

test('what awaits an answer is refused as its operation refuses it, or where it is of nobody', async () => {
  const invited = (one: string) => `
accounts: [{ name: boss@corp, uid: ${MANAGER}, legalName: Managed Ltd. }, { name: guest@corp, legalName: Guest Ltd. }]
directories: [{ management: boss@corp, ${one} }]
`;
  const refused = async (one: string) => {
    const error = await load(await demoEstate(), invited(one)).catch((thrown: unknown) => thrown);
    return String(error).split('\n').at(-1);
  };
  expect(await refused('invitations: [{ account: guest@corp }]')).toMatch(
    /^estate\.yaml:3:54: directories\[0\]\.invitations\[0\] is refused: InviteeLegalNameDiffers\. /,
  );
  expect(await refused('invitations: [{ note: Join. }]')).toMatch(
    /directories\[0\]\.invitations\[0\] has to have an account or an email, and not both\.$/,
  );
  expect(
    await refused('members: [{ displayName: A, type: cloud, name: a, promotion: { email: a@corp.example } }]'),
  ).toMatch(/directories\[0\]\.members\[0\]\.promotion is of a resource account only\.$/);
  expect(await refused('creations: [{ displayName: Coming, email: a@corp.example, payer: guest@corp }]')).toMatch(
    /directories\[0\]\.creations\[0\] is refused: PayerOutsideDirectory\. /,
  );
});

test('a directory has its folders in each other, and its members in them with tags and who pays', async () => {
  const { deps } = await loadedEstate();
  const directory = await deps.directories.get(MANAGER);
  expect(directory).toMatchObject({ id: 'rd-Seed01', permitsDeletion: true, memberQuota: 20 });
  const [apps] = foldersIn(directory, directory.rootFolderId);
  expect(apps).toMatchObject({ name: 'Apps', tags: { team: 'web' } });
  expect(
    foldersIn(directory, apps?.id ?? '')
      .map(({ name }) => name)
      .toSorted(),
  ).toEqual(['Jobs', 'Web']);
  const { members, total } = await openMembers(deps.table).page(MANAGER, { tags: [] }, { offset: 0, limit: 10 });
  expect(total).toBe(3);
  const byName = new Map(members.map((member) => [member.displayName, member]));
  expect(byName.get('Workload')).toMatchObject({
    accountType: 'resource',
    joinMethod: 'created',
    tags: { env: 'test' },
  });
  expect(byName.get('Workload')?.folderPath.at(-1)).toBe('fd-Jobs000001');
  expect(byName.get('Team')).toMatchObject({ accountType: 'cloud', joinMethod: 'created' });
  expect(byName.get('Guest')).toMatchObject({ accountType: 'cloud', joinMethod: 'invited', uid: GUEST });
  const workload = byName.get('Workload')?.uid ?? 0;
  expect(await openMembers(deps.table).payerOf(MANAGER, workload, deps.ports.now())).toMatchObject({ uid: MANAGER });
  expect((await deps.accounts.get(workload)).legalName).toBe('Managed Ltd.');
});

test('a member may have its e-mail for a name, as one that was promoted has', async () => {
  const estate = await demoEstate();
  const promoted = '{ type: cloud, displayName: Promoted, name: owner@corp.example, email: owner@corp.example }';
  await load(estate, `directories: [{ management: parent@demo, members: [${promoted}] }]`);
  const { members } = await openMembers(estate.deps.table).page(
    1738376485192612,
    { tags: [] },
    { offset: 0, limit: 10 },
  );
  const uid = members.find(({ displayName }) => displayName === 'Promoted')?.uid ?? 0;
  expect(await estate.deps.accounts.get(uid)).toMatchObject({
    name: 'owner@corp.example',
    email: 'owner@corp.example',
  });
});

test('a directory has its baselines, and its account factory is as far as the seed says; loading it again makes no more', async () => {
  const estate = await loadedEstate();
  const { deps } = estate;
  const { baselines } = await pageOfBaselines(deps.table, MANAGER, 10, undefined);
  expect(baselines).toMatchObject([
    { type: 'system', name: 'Ours', items: [] },
    { type: 'custom', name: 'Strict', items: [{ config: '{"MinimumPasswordLength":12}' }] },
  ]);
  expect(await getFactory(deps.table, MANAGER)).toMatchObject({ status: 'deploying' });
  await load(estate);
  expect(await pageOfBaselines(deps.table, MANAGER, 10, undefined)).toMatchObject({ baselines });
});

test('loading it again changes nothing', async () => {
  const estate = await loadedEstate();
  const loaded = await estate.dump();
  await load(estate);
  expect(await estate.dump()).toEqual(loaded);
});

test('nothing is told of what was loaded: there are no events', async () => {
  const rows = await (await loadedEstate()).dump();
  expect(rows.filter(({ type }) => type === 'event')).toEqual([]);
});

test('the same seed is the same estate anywhere', async () => {
  const [one, other] = [await loadedEstate(), await loadedEstate()];
  const kinds = ['account', 'accessKey', 'directory', 'member', 'standing'];
  const shape = async ({ dump }: Estate) =>
    (await dump())
      .filter(({ type }) => kinds.includes(String(type)))
      .map(({ pk, sk, folderPath, status, availableBalance }) => ({ pk, sk, folderPath, status, availableBalance }))
      .filter(({ pk }) => !String(pk).startsWith('KEY#TRIB') || String(pk).startsWith('KEY#TRIBSEED'));
  expect(await shape(other)).toEqual(await shape(one));
});

test('what is there already stays: names, revoked keys, standings and relations that have ended', async () => {
  const estate = await demoEstate();
  const { deps } = estate;
  const mine = { uid: PAYER, name: 'mine', legalName: 'Payer Ltd.', createdAtMs: 1 };
  await commit(deps.table, register(mine, 'given'));
  const key = { keyId: 'PAYERKEY', uid: PAYER, active: true, createdAtMs: 1 };
  await commit(deps.table, issue(key));
  await commit(deps.table, revoke(key));
  await estate.call(estate.operator, 'PutAccountStanding', { Uid: PAYER, AvailableBalance: 500 });
  await load(estate);
  expect(await deps.accounts.get(PAYER)).toMatchObject({ name: 'mine' });
  expect(await findAccessKey(deps.table, 'PAYERKEY')).toMatchObject({ active: false });
  // What is lent in a relation of the seed comes out of what is there.
  expect(await deps.standings.get(PAYER)).toMatchObject({ availableBalance: 470, frozen: false });
  const payer = signer(PAYER, 'ROOTKEY1', 'root-secret1');
  const parties = { ParentUserId: PAYER, ChildUserId: BUYER, RelationType: 'enterprise_group', RequestId: 'r' };
  expect(await estate.call(payer, 'RelieveAccountRelation', parties)).toMatchObject({ status: 200 });
  await load(estate);
  const id = await deps.relations.idOf({ parentUid: PAYER, childUid: BUYER }, undefined);
  expect(await deps.relations.get(id, deps.ports.now())).toMatchObject({ status: 'ended' });
});

test('a directory that is there gets the folders and members it lacks; who has left is not brought back', async () => {
  const estate = await demoEstate();
  const { deps } = estate;
  const seed = (more = '') => `
directories:
  - management: parent@demo
    memberQuota: 30
    folders:
      - name: Apps
        folders: [{ name: Deep${more} }]
    members:
      - { type: cloud, displayName: Extra, folder: Apps/Deep, uid: ${GUEST}, name: guest@corp }
`;
  await load(estate, seed());
  await load(estate, seed('er').replace('Apps/Deep', 'Sandbox'));
  const directory = await deps.directories.get(1738376485192612);
  expect(directory).toMatchObject({ id: 'rd-Demo01', memberQuota: 30 });
  expect(
    foldersIn(directory, 'fd-DemoApps01')
      .map(({ name }) => name)
      .toSorted(),
  ).toEqual(['Deep', 'Deeper']);
  const keyId = 'TRIBDEMOPARENT';
  const parent = signer(1738376485192612, keyId, deps.keyring.derive(keyId));
  expect(await directed(estate, parent, 'ListAccounts')).toMatchObject({ TotalCount: 3 });
  await directed(estate, parent, 'RemoveCloudAccount', { AccountId: GUEST });
  await load(estate, seed());
  expect(await directed(estate, parent, 'ListAccounts')).toMatchObject({ TotalCount: 2 });
});

test.each([
  [
    'a trusteeship between companies',
    'relations: [{ parent: child@demo, child: sibling@demo, policy: trusteeship }]',
    /^estate\.yaml:1:13: relations\[0\] is refused: LegalNamesDiffer\. /,
  ],
  [
    'an invitation within a company',
    'relations: [{ parent: parent@demo, child: sibling@demo, status: inviting }]',
    /^estate\.yaml:1:65: relations\[0\]\.status cannot be inviting: both have the legal name Demo Group Ltd\./,
  ],
  [
    'two parents of one child',
    'relations:\n  - { parent: child@demo, child: sub@demo }\n  - { parent: major@demo, child: sub@demo }',
    /^estate\.yaml:3:5: relations\[1\] is refused: ChildAlreadyRelated\. /,
  ],
  [
    'an account that nobody registered',
    'relations: [{ parent: child@demo, child: 1999999999999999 }]',
    /^estate\.yaml:1:42: relations\[0\]\.child names no account\./,
  ],
  [
    'an e-mail of another account',
    'accounts: [{ name: a@corp, email: member@demo.example }]',
    /^estate\.yaml:1:12: accounts\[0\] is refused: EmailClaimed\. /,
  ],
  [
    'a key of another account',
    'accounts: [{ name: a@corp, keys: [{ accessKeyId: TRIBDEMOCHILD }] }]',
    /^estate\.yaml:1:35: accounts\[0\]\.keys\[0\] has the key TRIBDEMOCHILD, which is another's\./,
  ],
  [
    'a folder that is not there',
    'directories: [{ management: child@demo, folders: [{ name: Apps }], members: [{ displayName: One, folder: App }] }]',
    /^estate\.yaml:1:106: directories\[0\]\.members\[0\]\.folder is in no folder that there is; did you mean Apps\?/,
  ],
  [
    'more members than the quota',
    'directories: [{ management: child@demo, memberQuota: 1, members: [{ displayName: One }, { displayName: Two }] }]',
    /^estate\.yaml:1:89: directories\[0\]\.members\[1\] is refused: MemberQuotaReached\. /,
  ],
  [
    'a configuration that an item does not take',
    'directories: [{ management: child@demo, baselines: [{ name: B, items: [{ name: ACS-BP_ACCOUNT_FACTORY_PRESET_TAG, config: "[]" }] }] }]',
    /^estate\.yaml:1:\d+: directories\[0\]\.baselines\[0\]\.items\[0\]\.config is nothing that ACS-BP_ACCOUNT_FACTORY_PRESET_TAG takes\./,
  ],
  [
    'a directory of an account without a legal name',
    'accounts: [{ name: a@corp }]\ndirectories: [{ management: a@corp }]',
    /^estate\.yaml:2:29: directories\[0\]\.management cannot have a directory: it has no legal name\./,
  ],
])('%s is refused in the words of the operations, where it stands', async (_, seed, expected) => {
  const estate = await demoEstate();
  const error: unknown = await load(estate, seed).catch((thrown: unknown) => thrown);
  expect(String(error).split('\n')[1]).toMatch(expected);
});

test('1,000 accounts with e-mail and key take less than a hundred requests to the table', async () => {
  const estate = await demoEstate();
  const line = (index: number) =>
    `  - { name: a${index}@corp, legalName: Corp ${index}, email: a${index}@corp.example }\n`;
  const seed = `accounts:\n${Array.from({ length: 1000 }, (_, index) => line(index)).join('')}`;
  const before = estate.requests.length;
  await load(estate, seed);
  expect(estate.requests.length - before).toBeLessThan(100);
  expect(await estate.deps.accounts.list(2000, 0)).toHaveLength(1007);
});
