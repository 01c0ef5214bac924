import { describe, expect, it } from 'vitest';
import { type Deps, depsOver } from '#lib/deps.ts';
import { REPORT_TTL_MS } from '#lib/domain/governance/enrolmentFailure.ts';
import { resourceDirectoryMaster } from '#lib/products/directory/product.ts';
import { governance } from '#lib/products/governance/product.ts';
import { enrolmentPlanKey } from '#lib/store/keys.ts';
import type { Key, Table } from '#lib/table/table.ts';
import {
  created,
  type DirectoryEstate,
  directed,
  newDirectoryEstate,
  nobody,
  signerOf,
} from '#test/directory/calls.ts';
import { cloudMember } from '#test/directory/members.ts';
import {
  defaultDomain,
  flat,
  govern,
  isInvalid,
  notManagement,
  roles,
  services,
  unverified,
} from '#test/governance/calls.ts';
import {
  configurationOf,
  enrolled,
  enrolment,
  handedOver,
  newAccount,
  settle,
  workerOf,
} from '#test/governance/enrolling.ts';
import { type Answer, masterKey, signedCall } from '#test/support/estate.ts';
import { missing, refused, serverRequestId } from '#test/support/refusals.ts';

const action = 'GetEnrolledAccount';
const unknown = refused(
  'BlueprintUnknown',
  'InvalidBlueprint.NotFound',
  'The specified blueprint does not exist.',
  404,
);
const kms = '{"EnabledServices":["KMS"]}';
const config = '{"EnabledServices":["CONFIG"]}';
const own = { Name: roles, Config: '{"EnableRoles":[{"Name":"ResourceDirectoryAccountAccessRole"}]}' };

it('an enrolment is followed item by item, up to its end', async () => {
  const estate = await newDirectoryEstate();
  const AccountUid = await enrolled(estate);
  const seen: string[][] = [];
  do {
    const { Initialized, Progress, Status } = await enrolment(estate, AccountUid);
    seen.push([Status, String(Initialized), ...Progress.map((item: { Status: string }) => item.Status)]);
  } while ((await settle(estate, { most: 1 })) > 0);
  expect(seen).toEqual([
    ['Pending', 'false', 'Pending', 'Pending'],
    ['Running', 'false', 'Running', 'Pending'],
    ['Running', 'false', 'Finished', 'Running'],
    ['Finished', 'true', 'Finished', 'Finished'],
  ]);
});

it('a failure has its reason, and the enrolment after it has none', async () => {
  const estate = await newDirectoryEstate();
  const AccountUid = await enrolled(estate, { ...newAccount('dev'), ...flat([own]) });
  await settle(estate);
  const failed = await enrolment(estate, AccountUid);
  expect(failed).toMatchObject({ Status: 'Failed', Initialized: false });
  expect(failed.Progress.map(({ Status }: { Status: string }) => Status)).toEqual(['Finished', 'Finished', 'Failed']);
  expect(failed.ErrorInfo).toStrictEqual({
    Code: 'EntityAlreadyExists.Role',
    Message: 'The role already exists.',
    Recommend: 'https://next.api.aliyun.com/troubleshoot?q=EntityAlreadyExists.Role&product=Ram',
    RequestId: serverRequestId,
  });
  await enrolled(estate, { AccountUid });
  expect(await enrolment(estate, AccountUid)).not.toHaveProperty('ErrorInfo');
  await settle(estate);
  expect(await enrolment(estate, AccountUid)).toMatchObject({ Status: 'Finished', Initialized: true });
});

it('a domain that another account has is a failure, and free again once that has another', async () => {
  const estate = await newDirectoryEstate();
  const domain = (name: string) =>
    flat([{ Name: defaultDomain, Config: `{"DefaultDomainName":"${name}.onaliyun.com"}` }]);
  const first = await enrolled(estate, { ...newAccount('dev'), ...domain('team-a') });
  await settle(estate);
  const AccountUid = await enrolled(estate, { ...newAccount('ops'), ...domain('Team-A') });
  await settle(estate);
  expect((await enrolment(estate, AccountUid)).ErrorInfo).toMatchObject({
    Code: 'EntityAlreadyExists.DefaultDomain',
    Message: 'The default domain name already exists.',
  });
  await enrolled(estate, { AccountUid: first, ...domain('team-b') });
  await settle(estate);
  await enrolled(estate, { AccountUid, ...domain('team-a') });
  await settle(estate);
  expect((await enrolment(estate, AccountUid)).Status).toBe('Finished');
});

it('what is shown of the member is as it is now', async () => {
  const estate = await newDirectoryEstate();
  const { parent } = estate;
  const AccountUid = await enrolled(estate);
  await directed(estate, parent, 'UpdateAccount', { AccountId: AccountUid, NewDisplayName: 'ops' });
  await directed(
    estate,
    parent,
    'UpdatePayerForAccount',
    { AccountId: AccountUid, PayerAccountId: parent.uid },
    resourceDirectoryMaster,
  );
  const { DisplayName, Inputs, PayerAccountUid } = await enrolment(estate, AccountUid);
  expect([DisplayName, Inputs.DisplayName, PayerAccountUid]).toEqual(['ops', 'dev', parent.uid]);
});

it('whoever has not been reported on in time has failed, whether or not that is recorded', async () => {
  const estate = await newDirectoryEstate();
  const AccountUid = await handedOver(estate);
  estate.advance(REPORT_TTL_MS - 1);
  expect((await enrolment(estate, AccountUid)).Status).toBe('Running');
  estate.advance(1);
  const { ErrorInfo, Progress, Status } = await enrolment(estate, AccountUid);
  expect([Status, Progress[0].Status, ErrorInfo.Code]).toEqual(['Failed', 'Failed', 'ItemTimedOut']);
  // And may be enrolled again.
  await enrolled(estate, { AccountUid });
  await settle(estate);
  expect((await enrolment(estate, AccountUid)).Status).toBe('Finished');
  const all = await estate.deps.ledger.ofSubject('enrolment', AccountUid, 50);
  expect(all.find(({ event }) => event === 'timeOut')).toMatchObject({ actor: 'clock', to: 'failed' });
});

it('an account that is not enrolled is not found, whoever it is', async () => {
  const estate = await newDirectoryEstate();
  const { AccountId } = await created(estate, 'Dev');
  for (const AccountUid of [Number(AccountId), nobody, estate.parent.uid, estate.child.uid]) {
    expect(await govern(estate, estate.parent, action, { AccountUid })).toStrictEqual(unknown);
  }
});

it('a member that has left is enrolled no more, and begins anew elsewhere', async () => {
  const estate = await newDirectoryEstate();
  const { parent } = estate;
  const AccountUid = await cloudMember(estate, 'Dev');
  await enrolled(estate, { AccountUid });
  await directed(estate, parent, 'RemoveCloudAccount', { AccountId: AccountUid });
  expect(await govern(estate, parent, action, { AccountUid })).toStrictEqual(unknown);
  // The step that was left finds nothing to do.
  expect(await settle(estate)).toBe(1);
  expect((await estate.dump()).filter(({ pk }) => String(pk).startsWith('ENROLMENT#'))).toEqual([]);
});

it('it is for the management account alone', async () => {
  const estate = await newDirectoryEstate();
  const AccountUid = await enrolled(estate);
  const member = await signerOf(estate, AccountUid);
  for (const by of [member, estate.stranger]) {
    expect(await govern(estate, by, action, { AccountUid })).toStrictEqual(notManagement);
  }
  expect(await govern(estate, await estate.account(''), action, { AccountUid })).toStrictEqual(unverified);
  expect(await govern(estate, estate.parent, action)).toStrictEqual(missing('AccountUid'));
  expect(await govern(estate, estate.parent, action, { AccountUid: 'x' })).toStrictEqual(isInvalid('AccountUid'));
});

describe('an enrolment that is asked for anew while it is read', () => {
  type Looked = { readonly seen: (keys: readonly Key[]) => readonly Key[]; readonly when: string };
  const isPlan = ({ sk }: Key) => sk === enrolmentPlanKey(0).sk;
  const looks: readonly Looked[] = [
    { when: 'its plan', seen: (keys) => keys.filter(isPlan) },
    { when: 'all but its plan', seen: (keys) => keys.filter((key) => !isPlan(key)) },
  ];

  /** A process that reads some rows of its first request first, and has something happen before it reads the others. */
  function tornIn({ deps }: DirectoryEstate, { seen }: Looked, between: () => Promise<unknown>): Deps {
    let isTorn = true;
    const getMany: Table['getMany'] = async (keys) => {
      if (!isTorn) return deps.table.getMany(keys);
      isTorn = false;
      const first = await deps.table.getMany(seen(keys));
      await between();
      const others = keys.filter((key) => !seen(keys).includes(key));
      const rows = [...first, ...(await deps.table.getMany(others))];
      return keys.map(({ pk, sk }) => rows.find((row) => row?.pk === pk && row.sk === sk));
    };
    return depsOver({ ...deps.table, getMany }, masterKey, deps.ports);
  }

  it.each(looks)('is shown with what it applies, where $when was looked at first', async (look) => {
    const estate = await newDirectoryEstate();
    const AccountUid = await enrolled(estate);
    await settle(estate);
    const again = { AccountUid, ...flat([{ Name: services }]) };
    const process = tornIn(estate, look, () => enrolled(estate, again));
    const call = signedCall(estate.parent, action, governance.version, { AccountUid });
    const body: Answer['body'] = await (await estate.send(...call, process)).json();
    const { RequestId: _, ...now } = await enrolment(estate, AccountUid);
    expect(body).toMatchObject(now);
    const names = (items: Answer['body']) => items.map(({ Name }: Answer['body']) => Name);
    expect(names(body.Progress)).toEqual(names(body.BaselineItems));
    expect(names(body.Progress)).toContain(services);
  });

  it.each(looks)('is shown once it is there as a whole, where $when was looked at first', async (look) => {
    const estate = await newDirectoryEstate();
    const AccountUid = Number((await created(estate, 'Dev')).AccountId);
    const process = tornIn(estate, look, () => enrolled(estate, { AccountUid }));
    const call = signedCall(estate.parent, action, governance.version, { AccountUid });
    expect(await (await estate.send(...call, process)).json()).toMatchObject({ Status: 'Pending' });
  });

  it('is applied as it was asked for last, by a step that looked at some of it before', async () => {
    const estate = await newDirectoryEstate();
    const AccountUid = await enrolled(estate, { ...newAccount('dev'), ...flat([{ Name: services, Config: kms }]) });
    await settle(estate);
    const plan = await estate.deps.table.get(enrolmentPlanKey(AccountUid));
    await enrolled(estate, { AccountUid, ...flat([{ Name: services, Config: config }]) });
    const { table } = estate.deps;
    let isTorn = true;
    const query: Table['query'] = async function* (...asked) {
      for await (const row of table.query(...asked)) yield isTorn && plan && isPlan(row) ? plan : row;
      isTorn = false;
    };
    const worker = workerOf(depsOver({ ...table, query }, masterKey, estate.deps.ports));
    while ((await settle(estate, { worker, most: 1 })) > 0) isTorn = true;
    const { EnabledServices } = (await configurationOf(estate, AccountUid))[services] as { EnabledServices: string[] };
    expect(EnabledServices).toEqual(expect.arrayContaining(['KMS', 'CONFIG']));
  });
});

it('takes one round trip in a process that has answered it before, and two in another, also with a payer', async () => {
  const estate = await newDirectoryEstate();
  const AccountUid = await enrolled(estate, { ...newAccount('dev'), PayerAccountUid: estate.parent.uid });
  const waits: unknown[] = [];
  for (const _ of 'it') {
    expect((await enrolment(estate, AccountUid)).PayerAccountUid).toBe(estate.parent.uid);
    waits.push(estate.logged.at(-1)?.['roundTrips']);
  }
  expect(waits).toEqual([2, 1]);
});
