import { describe, expect, it } from 'vitest';
import type { Deps } from '#lib/deps.ts';
import { governance } from '#lib/products/governance/product.ts';
import { memberKey } from '#lib/store/keys.ts';
import { START_MS, stand } from '#test/bss/parties.ts';
import {
  created,
  type DirectoryEstate,
  direct,
  directed,
  foldered,
  newDirectoryEstate,
  nobody,
  signerOf,
} from '#test/directory/calls.ts';
import { askDeletion, newDeletionEstate, settle as settleDeletions } from '#test/directory/deletions.ts';
import { cloudMember } from '#test/directory/members.ts';
import { type Form, providerOf } from '#test/directory/terraform.ts';
import {
  baselined,
  baselineOf,
  baselineUnknown,
  contacts,
  defaultDomain,
  flat,
  govern,
  governed,
  type Item,
  isInvalid,
  itemUnknown,
  networks,
  notifications,
  notManagement,
  passwordPolicy,
  roles,
  securityPreference,
  services,
  unverified,
} from '#test/governance/calls.ts';
import { configurationOf, enrolled, enrolment, newAccount, nineItems, settle } from '#test/governance/enrolling.ts';
import { type Params, signedCall } from '#test/support/estate.ts';
import { refused, serverRequestId } from '#test/support/refusals.ts';

const action = 'EnrollAccount';
const blueprint = 'ACS-BP_ACCOUNT_FACTORY';
const domain = { Name: defaultDomain, Config: '{"DefaultDomainName":"team-a.onaliyun.com"}' };

const conflict = refused(
  'BlueprintDeploying',
  'DeployConflict.Blueprint',
  `The ${blueprint} blueprint is being deployed. Please wait for its deployment to complete and try again.`,
);
const unfit = refused(
  'FactoryUnfit',
  'IncorrectBlueprintStatus',
  'The current status of the blueprint does not support this operation.',
);
const userUnknown = refused('MemberUnknown', 'InvalidUser.NotFound', 'The specified user does not exist.', 404);

/** Has an operator say how far the landing zone of the parent's directory is. */
async function put({ call, operator, parent }: DirectoryEstate, Status: string): Promise<void> {
  expect((await call(operator, 'PutAccountFactory', { Uid: parent.uid, Status })).status).toBe(200);
}

/** Enrols as the parent, granted or not. */
function enroll(estate: DirectoryEstate, params: Params = {}) {
  return govern(estate, estate.parent, action, params);
}

describe('an account that is created', () => {
  it('is a member at once, in the root folder, pays for itself and is given the system baseline', async () => {
    const estate = await newDirectoryEstate();
    const { parent, rootFolderId } = estate;
    const answer = await governed(estate, parent, action, newAccount('test-account'));
    expect(answer).toStrictEqual({ RequestId: serverRequestId, AccountUid: expect.any(Number) });
    const { AccountUid } = answer;
    const { Account } = await directed(estate, parent, 'GetAccount', { AccountId: AccountUid });
    expect(Account).toMatchObject({ FolderId: rootFolderId, DisplayName: 'test-account', Type: 'ResourceAccount' });
    const { PayerAccountId } = await directed(estate, parent, 'GetPayerForAccount', { AccountId: AccountUid });
    expect(PayerAccountId).toBeUndefined();
    const { BaselineId, BaselineItems } = await baselineOf(estate);
    const items = BaselineItems.map((item: object) => ({ ...item, Skip: false }));
    expect(await enrolment(estate, AccountUid)).toMatchObject({ Status: 'Pending', BaselineId, BaselineItems: items });
  });

  it('by the example of its documentation is answered as documented, and is what the example says', async () => {
    const estate = await newDirectoryEstate();
    const { parent } = estate;
    const FolderId = await foldered(estate, 'Apps');
    const Config =
      '{"Notifications":[{"GroupKey":"account_msg","Contacts":[{"Name":"aa"}],"PmsgStatus":1,"EmailStatus":1,"SmsStatus":1}]}';
    const item = { Name: networks, Version: '1.0', Config };
    const BaselineId = await baselined(estate, flat([{ Name: services }]));
    const sent = { AccountNamePrefix: 'test-account', DisplayName: 'test-account', FolderId };
    const given = { ...sent, PayerAccountUid: parent.uid };
    const params = { ...given, BaselineId, ResellAccountType: 'resell', RegionId: 'cn-hangzhou' };
    const answer = await enroll(estate, { ...params, ...flat([{ ...item, Skip: false }]) });
    expect(answer).toStrictEqual({
      status: 200,
      body: { RequestId: serverRequestId, AccountUid: expect.any(Number) },
    });
    const { AccountUid } = answer.body;
    await settle(estate);
    const time = `${new Date(START_MS).toISOString().slice(0, 19)}Z`;
    expect(await enrolment(estate, AccountUid)).toStrictEqual({
      RequestId: serverRequestId,
      AccountUid,
      DisplayName: 'test-account',
      MasterAccountUid: parent.uid,
      FolderId,
      PayerAccountUid: parent.uid,
      BaselineId,
      Initialized: true,
      Status: 'Finished',
      CreateTime: time,
      UpdateTime: time,
      Inputs: { ...given, BaselineItems: [{ ...item, Skip: false }] },
      BaselineItems: [
        { Name: services, Version: '1.0', Skip: false },
        { ...item, Skip: false },
      ],
      Progress: [
        { Name: services, Status: 'Finished' },
        { Name: networks, Status: 'Finished' },
      ],
    });
  });

  it('has its payer, its folder and its tags from the same moment on', async () => {
    const estate = await newDirectoryEstate();
    const { parent } = estate;
    const FolderId = await foldered(estate, 'Apps');
    const Tag = '[{"Key":"team","Value":"a"},{"Key":"env","Value":"dev"}]';
    const AccountUid = await enrolled(estate, { ...newAccount('dev'), FolderId, PayerAccountUid: parent.uid, Tag });
    const { Account } = await directed(estate, parent, 'GetAccount', { AccountId: AccountUid, IncludeTags: true });
    expect(Account).toMatchObject({ FolderId, Tags: JSON.parse(Tag).toReversed() });
    const payer = await directed(estate, parent, 'GetPayerForAccount', { AccountId: AccountUid });
    expect(payer.PayerAccountId).toBe(String(parent.uid));
    // In the order in which they were sent, which Terraform compares.
    expect((await enrolment(estate, AccountUid)).Inputs.Tag).toEqual(JSON.parse(Tag));
  });

  it.each([
    ['no account is named', {}],
    ['its uid is 0', { AccountUid: 0 }],
    ['its uid is empty', { AccountUid: '' }],
    ['its payer is 0', { PayerAccountUid: 0 }],
    ['the baseline is empty', { BaselineId: '' }],
    ['the items are empty', { 'BaselineItems.1': '' }],
  ])('is created where %s', async (_, params) => {
    const estate = await newDirectoryEstate();
    expect((await enroll(estate, { ...newAccount('dev'), ...params })).status).toBe(200);
  });

  it.each([2, 43, 50])('may have a prefix and a name of %i characters', async (length) => {
    const estate = await newDirectoryEstate();
    expect((await enroll(estate, newAccount('a'.repeat(length)))).status).toBe(200);
  });

  it.each(['-bad', 'bad-', 'a', 'a--b', 'a_', 'ä', 'a'.repeat(51), ''])(
    'may not have the prefix %s',
    async (prefix) => {
      const estate = await newDirectoryEstate();
      const params = { ...newAccount('dev'), AccountNamePrefix: prefix };
      expect(await enroll(estate, params)).toStrictEqual(isInvalid('AccountNamePrefix'));
      expect((await directed(estate, estate.parent, 'ListAccounts')).TotalCount).toBe(0);
    },
  );

  it('leaves nothing behind where it is refused', async () => {
    const estate = await newDirectoryEstate();
    await enrolled(estate, newAccount('dev'));
    const before = await estate.dump();
    const ruined = { ...newAccount('ops'), PayerAccountUid: nobody };
    expect(await enroll(estate, ruined)).toStrictEqual(isInvalid('PayerAccountUid', 'PayerUnknown'));
    expect(await estate.dump()).toEqual(before);
  });
});

describe('an account that is a member already', () => {
  it('is enrolled under a baseline, whatever is said of what is no longer to be decided', async () => {
    const estate = await newDirectoryEstate();
    const { AccountId } = await created(estate, 'Dev');
    const BaselineId = await baselined(estate, flat([{ Name: services, Config: '{"EnabledServices":["KMS"]}' }]));
    const further = { AccountNamePrefix: '-', DisplayName: 'x', FolderId: 'fd-x', PayerAccountUid: nobody };
    const params = { ...further, AccountUid: AccountId, BaselineId, ResellAccountType: 'other' };
    const AccountUid = await enrolled(estate, params);
    expect(AccountUid).toBe(Number(AccountId));
    await settle(estate);
    const shown = await enrolment(estate, AccountUid);
    expect(shown).toMatchObject({ Status: 'Finished', BaselineId, DisplayName: 'Dev' });
    expect(shown.Inputs).toStrictEqual({ AccountUid, BaselineItems: [] });
    expect(await configurationOf(estate, AccountUid)).toEqual({
      [services]: { EnabledServices: ['KMS'], EnabledServiceConfigurations: [] },
    });
  });

  it('is enrolled again at once, under another baseline, and keeps what it was given before', async () => {
    const estate = await newDirectoryEstate();
    const { advance } = estate;
    const BaselineId = await baselined(estate, flat([{ Name: services }]));
    const other = await baselined(estate, flat([{ Name: passwordPolicy }]));
    const AccountUid = await enrolled(estate, { ...newAccount('dev'), BaselineId });
    await settle(estate);
    const first = await enrolment(estate, AccountUid);
    advance(60_000);
    await enrolled(estate, { AccountUid, BaselineId: other });
    const again = await enrolment(estate, AccountUid);
    expect(again).toMatchObject({ Status: 'Pending', BaselineId: other, Initialized: true });
    expect(again.Progress).toEqual([{ Name: passwordPolicy, Status: 'Pending' }]);
    expect(again.CreateTime).toBe(first.CreateTime);
    expect(again.UpdateTime > first.UpdateTime).toBe(true);
    await settle(estate);
    expect(await enrolment(estate, AccountUid)).toMatchObject({ Status: 'Finished', BaselineId: other });
    expect(Object.keys(await configurationOf(estate, AccountUid)).toSorted()).toEqual([passwordPolicy, services]);
    // Nobody is under the first baseline any more.
    expect((await govern(estate, estate.parent, 'DeleteAccountFactoryBaseline', { BaselineId })).status).toBe(200);
    const used = await govern(estate, estate.parent, 'DeleteAccountFactoryBaseline', { BaselineId: other });
    expect(used).toStrictEqual(isInvalid('BaselineId', 'BaselineInUse'));
  });

  it('shows the tags given last, keeps them where none are given, and loses those that are not given again', async () => {
    const estate = await newDirectoryEstate();
    const { parent } = estate;
    const Tag = '[{"Key":"team","Value":"a"},{"Key":"env","Value":"dev"}]';
    const AccountUid = await enrolled(estate, { ...newAccount('dev'), Tag });
    await directed(estate, parent, 'TagResources', {
      ResourceType: 'Account',
      'ResourceId.1': AccountUid,
      'Tag.1.Key': 'own',
      'Tag.1.Value': 'x',
    });
    const shown = async (params?: Params) => {
      await settle(estate);
      if (params) await enrolled(estate, { AccountUid, ...params });
      const { Account } = await directed(estate, parent, 'GetAccount', { AccountId: AccountUid, IncludeTags: true });
      const tags = Account.Tags.map(({ Key, Value }: { Key: string; Value: string }) => `${Key}=${Value}`);
      return [(await enrolment(estate, AccountUid)).Inputs.Tag, tags];
    };
    expect(await shown()).toEqual([JSON.parse(Tag), ['env=dev', 'own=x', 'team=a']]);
    expect(await shown({ DisplayName: 'x' })).toEqual([JSON.parse(Tag), ['env=dev', 'own=x', 'team=a']]);
    const changed = { 'Tag.1.Key': 'env', 'Tag.1.Value': 'prod' };
    expect(await shown(changed)).toEqual([[{ Key: 'env', Value: 'prod' }], ['env=prod', 'own=x']]);
    expect(await shown({ Tag: '[]' })).toEqual([undefined, ['own=x']]);
  });
});

describe('the items of an enrolment', () => {
  it('are those of the baseline, each replaced by what the call says of it, byte for byte', async () => {
    const estate = await newDirectoryEstate();
    const Config = '{ "MinimumPasswordLength":9,\n "HardExpiry": true}';
    const BaselineId = await baselined(estate, flat([{ Name: passwordPolicy }, { Name: services }]));
    // A gap in the list, and what Terraform sends empty.
    const override = { 'BaselineItems.2.Name': passwordPolicy, 'BaselineItems.2.Config': Config };
    const empty = { 'BaselineItems.2.Skip': '', 'BaselineItems.4.Version': '' };
    const further = { 'BaselineItems.4.Name': services, 'BaselineItems.4.Skip': 'true', ...empty };
    const AccountUid = await enrolled(estate, { ...newAccount('dev'), BaselineId, ...override, ...further });
    const item = { Name: passwordPolicy, Version: '1.0', Config, Skip: false };
    const skipped = { Name: services, Version: '1.0', Skip: true };
    const shown = await enrolment(estate, AccountUid);
    expect(shown.BaselineItems).toStrictEqual([item, skipped]);
    expect(shown.Inputs.BaselineItems).toStrictEqual([item, skipped]);
    expect(shown.Progress).toEqual([{ Name: passwordPolicy, Status: 'Pending' }]);
    await settle(estate);
    expect(Object.keys(await configurationOf(estate, AccountUid))).toEqual([passwordPolicy]);
  });

  it('may come as one JSON text', async () => {
    const estate = await newDirectoryEstate();
    const BaselineItems = JSON.stringify([{ Name: services, Skip: true }, domain]);
    const AccountUid = await enrolled(estate, { ...newAccount('dev'), BaselineItems });
    const { Progress } = await enrolment(estate, AccountUid);
    expect(Progress.map(({ Name }: { Name: string }) => Name)).toEqual([
      passwordPolicy,
      securityPreference,
      defaultDomain,
    ]);
  });

  it('stay as they were when it was asked for', async () => {
    const estate = await newDirectoryEstate();
    const BaselineId = await baselined(estate, flat([{ Name: services }]));
    const AccountUid = await enrolled(estate, { ...newAccount('dev'), BaselineId });
    const update = { BaselineId, ...flat([{ Name: roles }]) };
    await governed(estate, estate.parent, 'UpdateAccountFactoryBaseline', update);
    await settle(estate);
    expect((await enrolment(estate, AccountUid)).Progress).toEqual([{ Name: services, Status: 'Finished' }]);
  });

  it('are all nine applied, each behind what it depends on', async () => {
    const estate = await newDirectoryEstate();
    const BaselineId = await baselined(estate, flat(nineItems()));
    const AccountUid = await enrolled(estate, { ...newAccount('dev'), BaselineId });
    await settle(estate);
    const { BaselineItems, Progress, Status } = await enrolment(estate, AccountUid);
    expect(Status).toBe('Finished');
    expect(BaselineItems).toEqual(nineItems().map((item) => ({ ...item, Version: '1.0', Skip: false })));
    const [first, second] = Progress.map(({ Name }: { Name: string }) => Name);
    expect([first, second]).toEqual([contacts, notifications]);
    const configuration = await configurationOf(estate, AccountUid);
    expect(Object.keys(configuration)).toHaveLength(9);
    expect(configuration[defaultDomain]).toEqual({ DefaultDomainName: 'team-a.onaliyun.com' });
  });

  it('need not name what an earlier enrolment of the account has applied', async () => {
    const estate = await newDirectoryEstate();
    const [notification, contact] = nineItems();
    const AccountUid = await enrolled(estate, { ...newAccount('dev'), ...flat(contact ? [contact] : []) });
    await settle(estate);
    await enrolled(estate, { AccountUid, ...flat(notification ? [notification] : []) });
    await settle(estate);
    expect((await enrolment(estate, AccountUid)).Status).toBe('Finished');
  });
});

describe('an enrolment is refused', () => {
  it.each([
    ['for a new account without a prefix', { DisplayName: 'dev' }, 'AccountNamePrefix', undefined],
    ['for a new account without a name', { AccountNamePrefix: 'dev' }, 'DisplayName', undefined],
    ['in a folder that there is not', { FolderId: 'fd-0123456789' }, 'FolderId', 'FolderUnknown'],
    ['in a folder that there cannot be', { FolderId: 'folder' }, 'FolderId', undefined],
    ['with a payer that there is not', { PayerAccountUid: nobody }, 'PayerAccountUid', 'PayerUnknown'],
    ['as a reseller of the other kind', { ResellAccountType: 'non_resell' }, 'ResellAccountType', undefined],
    ['with tags that are no JSON', { Tag: '[{"Key":' }, 'Tag', undefined],
    [
      'with more than 20 tags',
      { Tag: JSON.stringify(Array.from({ length: 21 }, (_, n) => ({ Key: `k${n}`, Value: '' }))) },
      'Tag',
      undefined,
    ],
    ['with an item twice', flat([{ Name: services }, { Name: services }]), 'BaselineItems', undefined],
    ['with a configuration that is none', flat([{ Name: services, Config: '[]' }]), 'Config', undefined],
    ['with a configuration of another item', flat([{ Name: roles, Config: '{"EnableRoles":1}' }]), 'Config', undefined],
    ['for a uid that is none', { AccountUid: 'me' }, 'AccountUid', undefined],
    ['with items that are no JSON', { BaselineItems: 'x' }, 'BaselineItems', undefined],
  ])('%s', async (_, params: Params, parameter, reason) => {
    const estate = await newDirectoryEstate();
    const before = await estate.dump();
    const whole = parameter === 'AccountNamePrefix' || parameter === 'DisplayName' ? {} : newAccount('dev');
    expect(await enroll(estate, { ...whole, ...params })).toStrictEqual(isInvalid(parameter, reason));
    expect(await estate.dump()).toEqual(before);
  });

  it('with more configurations than a row bears, those of the baseline included', async () => {
    const estate = await newDirectoryEstate();
    const long = (Name: string): Item => ({ Name, Config: JSON.stringify({ filler: 'x'.repeat(32_000) }) });
    const BaselineId = await baselined(estate, {
      BaselineItems: JSON.stringify([roles, services, networks].map(long)),
    });
    const items = { BaselineItems: JSON.stringify([long(contacts)]) };
    const send = async (params: Form) => {
      const provider = providerOf(estate, estate.parent);
      return provider(action, governance.version, { ...params, AccountNamePrefix: 'dev', DisplayName: 'Dev' });
    };
    expect(await send({ BaselineId, ...items })).toStrictEqual(isInvalid('BaselineItems'));
    const instead = { BaselineItems: JSON.stringify([long(services)]) };
    expect((await send({ BaselineId, ...instead })).status).toBe(200);
  });

  it('with a prefix or a name that another account has', async () => {
    const estate = await newDirectoryEstate();
    await enrolled(estate, newAccount('dev'));
    const prefix = { ...newAccount('dev'), DisplayName: 'other' };
    expect(await enroll(estate, prefix)).toStrictEqual(isInvalid('AccountNamePrefix', 'AccountNameTaken'));
    const name = { ...newAccount('dev'), AccountNamePrefix: 'other' };
    expect(await enroll(estate, name)).toStrictEqual(isInvalid('DisplayName', 'DisplayNameTaken'));
  });

  it('with a payer that may not, must not or cannot pay', async () => {
    const estate = await newDirectoryEstate();
    const { parent, sibling } = estate;
    const paidBy = (PayerAccountUid: number | string) => enroll(estate, { ...newAccount('dev'), PayerAccountUid });
    const paid = await created(estate, 'Paid', { PayerAccountId: parent.uid });
    const payers = {
      PayerOutsideDirectory: sibling.uid,
      LegalNamesDiffer: await cloudMember(estate, 'Other', { legalName: 'Bolt' }),
      ParentInTrusteeship: paid.AccountId,
    };
    const before = await estate.dump();
    for (const [reason, payer] of Object.entries(payers)) {
      expect(await paidBy(payer)).toStrictEqual(isInvalid('PayerAccountUid', reason));
    }
    expect(await estate.dump()).toEqual(before);
    await stand(estate, parent.uid, { frozen: true });
    expect(await paidBy(parent.uid)).toStrictEqual(isInvalid('PayerAccountUid', 'ParentFrozen'));
    await stand(estate, parent.uid, { availableBalance: -1 });
    expect(await paidBy(parent.uid)).toStrictEqual(isInvalid('PayerAccountUid', 'ParentOverdrawnAtLinking'));
  });

  it('of the management account itself', async () => {
    const estate = await newDirectoryEstate();
    expect(await enroll(estate, { AccountUid: estate.parent.uid })).toStrictEqual(isInvalid('AccountUid'));
  });

  it('while one of the account is under way, and no longer', async () => {
    const estate = await newDirectoryEstate();
    const AccountUid = await enrolled(estate);
    for (let step = 0; step < 3; step++) {
      expect(await enroll(estate, { AccountUid })).toStrictEqual(conflict);
      await settle(estate, { most: 1 });
    }
    expect((await enrolment(estate, AccountUid)).Status).toBe('Finished');
    expect((await enroll(estate, { AccountUid })).status).toBe(200);
  });

  it.each([
    ['Deploying', conflict],
    [
      'StructureMissing',
      refused(
        'StructureMissing',
        'DependencyViolation.Blueprint',
        `The ${blueprint} blueprint has not been deployed. Please deploy the resource structure first.`,
      ),
    ],
    ['Suspended', unfit],
    [
      'Missing',
      refused('BlueprintUnknown', 'InvalidBlueprint.NotFound', 'The specified blueprint does not exist.', 404),
    ],
  ])('while the landing zone is %s, and granted once it is ready', async (status, expected) => {
    const estate = await newDirectoryEstate();
    const { AccountId } = await created(estate, 'Dev');
    await put(estate, status);
    expect(await enroll(estate, newAccount('dev'))).toStrictEqual(expected);
    expect(await enroll(estate, { AccountUid: AccountId })).toStrictEqual(expected);
    await put(estate, 'Ready');
    expect((await enroll(estate, newAccount('dev'))).status).toBe(200);
  });

  it.each([
    ['is missing', [{ Name: notifications }]],
    ['is skipped', [{ Name: contacts, Skip: true }, { Name: notifications }]],
  ])('where what an item depends on %s', async (_, items) => {
    const estate = await newDirectoryEstate();
    const message = `The dependency of ${notifications} baseline item has not been configured. Please config ${contacts} first.`;
    const expected = refused('ItemDependencyMissing', 'DependencyViolation.BaselineItem', message);
    expect(await enroll(estate, { ...newAccount('dev'), ...flat(items) })).toStrictEqual(expected);
    expect((await directed(estate, estate.parent, 'ListAccounts')).TotalCount).toBe(0);
  });

  it('by a member, and by an account that has no directory', async () => {
    const estate = await newDirectoryEstate();
    const { AccountId } = await created(estate, 'Dev');
    const member = await signerOf(estate, AccountId);
    for (const by of [member, estate.stranger]) {
      expect(await govern(estate, by, action, newAccount('dev'))).toStrictEqual(notManagement);
      expect(await govern(estate, by, action, { AccountUid: AccountId })).toStrictEqual(notManagement);
    }
  });

  it('by an account that is not verified', async () => {
    const estate = await newDirectoryEstate();
    expect(await govern(estate, await estate.account(''), action, newAccount('dev'))).toStrictEqual(unverified);
  });

  it.each(['nobody', 'another company'] as const)('of %s', async (whose) => {
    const estate = await newDirectoryEstate();
    const AccountUid = whose === 'nobody' ? nobody : estate.child.uid;
    expect(await enroll(estate, { AccountUid })).toStrictEqual(userUnknown);
  });

  it('with an item that there is not, also in another version', async () => {
    const estate = await newDirectoryEstate();
    const unknown = flat([{ Name: 'NOPE' }]);
    expect(await enroll(estate, { ...newAccount('dev'), ...unknown })).toStrictEqual(itemUnknown('NOPE'));
    const later = flat([{ Name: services, Version: '2.0' }]);
    expect(await enroll(estate, { ...newAccount('dev'), ...later })).toStrictEqual(itemUnknown(services));
  });

  it('under a baseline that there is not, or that is deleted meanwhile', async () => {
    const estate = await newDirectoryEstate();
    const { parent } = estate;
    const BaselineId = await baselined(estate);
    const params = { ...newAccount('dev'), BaselineId };
    const deps = estate.anotherProcess();
    const slowed: Deps = {
      ...deps,
      table: {
        ...deps.table,
        async getMany(keys) {
          const rows = await deps.table.getMany(keys);
          await govern(estate, parent, 'DeleteAccountFactoryBaseline', { BaselineId });
          return rows;
        },
      },
    };
    const response = await estate.send(...signedCall(parent, action, governance.version, params), slowed);
    expect({ status: response.status, body: await response.json() }).toStrictEqual(baselineUnknown);
    expect(await enroll(estate, params)).toStrictEqual(baselineUnknown);
    expect((await directed(estate, parent, 'ListAccounts')).TotalCount).toBe(0);
  });

  it('of a member that is being deleted', async () => {
    const estate = await newDeletionEstate();
    const { AccountId } = await created(estate, 'Dev');
    await askDeletion(estate, AccountId);
    await settleDeletions(estate, { most: 1 });
    expect(await enroll(estate, { AccountUid: AccountId })).toStrictEqual(unfit);
  });

  it('beyond the quota of members', async () => {
    const estate = await newDirectoryEstate();
    for (let nth = 0; nth < 20; nth++) await created(estate, `Dev ${nth}`);
    const message = 'The maximum number of member accounts in a resource directory exceeds the limit.';
    const expected = refused('MemberQuotaReached', 'LimitExceeded.Account', message, 409);
    expect(await enroll(estate, newAccount('dev'))).toStrictEqual(expected);
  });

  it('with more tags than a member may have', async () => {
    const estate = await newDirectoryEstate();
    const tags = Array.from({ length: 15 }, (_, nth) => [`Tag.${nth + 1}.Key`, `k${nth}`]);
    const { AccountId } = await created(estate, 'Dev', Object.fromEntries(tags));
    const Tag = JSON.stringify(Array.from({ length: 15 }, (_, nth) => ({ Key: `l${nth}`, Value: '' })));
    expect(await enroll(estate, { AccountUid: AccountId, Tag })).toStrictEqual(isInvalid('Tag', 'TagQuotaReached'));
  });

  it('as an error of the system where something is broken', async () => {
    const estate = await newDirectoryEstate();
    const deps = estate.anotherProcess();
    const broken: Deps = {
      ...deps,
      table: {
        ...deps.table,
        async getMany(keys) {
          if (keys.some(({ pk, sk }) => pk === memberKey(nobody).pk && sk === 'MEMBER')) throw new Error('broken');
          return deps.table.getMany(keys);
        },
      },
    };
    const call = signedCall(estate.parent, action, governance.version, { AccountUid: nobody });
    const response = await estate.send(...call, broken);
    expect({ status: response.status, body: await response.json() }).toStrictEqual(
      refused('Internal', 'InternalError', 'A system error occurred.', 500),
    );
  });
});

describe('an enrolment that is asked for twice', () => {
  it('under one token makes one account, and is answered the same', async () => {
    const estate = await newDirectoryEstate();
    const params = { ...newAccount('dev'), ClientToken: 'mine' };
    const first = await enroll(estate, params);
    expect(await enroll(estate, params)).toEqual(first);
    await settle(estate);
    expect(await enroll(estate, params)).toEqual(first);
    expect((await directed(estate, estate.parent, 'ListAccounts')).TotalCount).toBe(1);
    const { EnrolledAccounts } = await governed(estate, estate.parent, 'ListEnrolledAccounts');
    expect(EnrolledAccounts).toHaveLength(1);
  });

  it('without one is refused for its name, and the account is the first one', async () => {
    const estate = await newDirectoryEstate();
    await enrolled(estate, newAccount('dev'));
    expect(await enroll(estate, newAccount('dev'))).toMatchObject({ status: 400 });
    expect((await direct(estate, estate.parent, 'ListAccounts')).body.TotalCount).toBe(1);
  });
});
