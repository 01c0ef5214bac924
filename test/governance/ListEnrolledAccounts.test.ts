import { expect, it } from 'vitest';
import type { Deps } from '#lib/deps.ts';
import { resourceDirectoryMaster } from '#lib/products/directory/product.ts';
import { governance } from '#lib/products/governance/product.ts';
import { memberKey } from '#lib/store/keys.ts';
import { direct, directed, newDirectoryEstate, signerOf } from '#test/directory/calls.ts';
import { cloudMember } from '#test/directory/members.ts';
import { govern, governed, isInvalid, notManagement, unverified } from '#test/governance/calls.ts';
import { enrolled, enrolment, newAccount, settle } from '#test/governance/enrolling.ts';
import { signedCall } from '#test/support/estate.ts';
import { serverRequestId } from '#test/support/refusals.ts';

const action = 'ListEnrolledAccounts';

it('whoever was enrolled last comes first, with what is known of it', async () => {
  const estate = await newDirectoryEstate();
  const { parent } = estate;
  const first = await enrolled(estate, { ...newAccount('dev'), PayerAccountUid: parent.uid });
  await settle(estate);
  estate.advance(1000);
  const second = await enrolled(estate, newAccount('ops'));
  const body = await governed(estate, parent, action);
  const {
    Initialized: _,
    MasterAccountUid,
    Inputs,
    BaselineItems,
    Progress,
    RequestId,
    ...shown
  } = await enrolment(estate, first);
  expect(body).toStrictEqual({
    RequestId: serverRequestId,
    EnrolledAccounts: [expect.objectContaining({ AccountUid: second, Status: 'Pending' }), shown],
  });
  expect(shown.PayerAccountUid).toBe(parent.uid);
  expect(body.EnrolledAccounts[0]).not.toHaveProperty('PayerAccountUid');
});

it('a directory without enrolled accounts has an empty list', async () => {
  const estate = await newDirectoryEstate();
  const body = await governed(estate, estate.parent, action);
  expect(body).toStrictEqual({ RequestId: serverRequestId, EnrolledAccounts: [] });
});

it('pages meet every account once, whatever moves between them', async () => {
  const estate = await newDirectoryEstate();
  const { call, operator, parent } = estate;
  await call(operator, 'PutDirectoryQuotas', { Uid: parent.uid, Members: 100 });
  const uids: number[] = [];
  for (let nth = 0; nth < 25; nth++) uids.push(await enrolled(estate, newAccount(`dev${nth}`)));
  const listed: number[] = [];
  let NextToken: string | undefined;
  do {
    const page = await governed(estate, parent, action, NextToken === undefined ? {} : { NextToken });
    listed.push(...page.EnrolledAccounts.map(({ AccountUid }: { AccountUid: number }) => AccountUid));
    NextToken = page.NextToken;
    // Steps are taken, accounts finish and are enrolled again, and others come in.
    await settle(estate, { most: 30 });
    estate.advance(1000);
    await enrolled(estate, newAccount(`late${listed.length}`));
    const done = (await enrolment(estate, uids[0] ?? 0)).Status === 'Finished';
    if (done) await enrolled(estate, { AccountUid: uids[0] });
  } while (NextToken !== undefined);
  expect(listed.toSorted()).toEqual(uids.toSorted());
});

it('a hundred may be listed at once', async () => {
  const estate = await newDirectoryEstate();
  const { call, operator, parent } = estate;
  await call(operator, 'PutDirectoryQuotas', { Uid: parent.uid, Members: 200 });
  for (let nth = 0; nth < 101; nth++) {
    const payer = nth < 3 ? { PayerAccountUid: parent.uid } : {};
    await enrolled(estate, { ...newAccount(`dev${nth}`), ...payer });
  }
  const { EnrolledAccounts, NextToken } = await governed(estate, parent, action, { MaxResults: 100 });
  expect(EnrolledAccounts).toHaveLength(100);
  const rest = await governed(estate, parent, action, { MaxResults: 100, NextToken });
  expect(rest.EnrolledAccounts).toHaveLength(1);
  expect(rest).not.toHaveProperty('NextToken');
  const all = [...EnrolledAccounts, ...rest.EnrolledAccounts];
  expect(all.filter(({ PayerAccountUid }) => PayerAccountUid === parent.uid)).toHaveLength(3);
});

it('a member that has ended its relation pays for itself', async () => {
  const estate = await newDirectoryEstate();
  const { parent } = estate;
  const AccountUid = await enrolled(estate, { ...newAccount('dev'), PayerAccountUid: parent.uid });
  await directed(estate, parent, 'UpdatePayerForAccount', { AccountId: AccountUid }, resourceDirectoryMaster);
  const { EnrolledAccounts } = await governed(estate, parent, action);
  expect(EnrolledAccounts[0]).not.toHaveProperty('PayerAccountUid');
});

it.each([
  [{ MaxResults: 0 }, 'MaxResults'],
  [{ MaxResults: 101 }, 'MaxResults'],
  [{ NextToken: 'forged' }, 'NextToken'],
])('%o is refused', async (params, parameter) => {
  const estate = await newDirectoryEstate();
  expect(await govern(estate, estate.parent, action, params)).toStrictEqual(isInvalid(parameter));
});

it.each([action, 'GetEnrolledAccount'])('a member that leaves while it is read by %s is not shown', async (reading) => {
  const estate = await newDirectoryEstate();
  const { parent } = estate;
  const AccountUid = await cloudMember(estate, 'Dev');
  await enrolled(estate, { AccountUid });
  const deps = estate.anotherProcess();
  const slowed: Deps = {
    ...deps,
    table: {
      ...deps.table,
      // A batch is not of one moment: the enrolment is read before the member leaves, the member after it has.
      async getMany(keys) {
        const before = await deps.table.getMany(keys);
        await direct(estate, parent, 'RemoveCloudAccount', { AccountId: AccountUid });
        const after = await deps.table.getMany(keys);
        return keys.map(({ sk }, index) => (sk === memberKey(AccountUid).sk ? after : before)[index]);
      },
    },
  };
  const params = reading === action ? {} : { AccountUid };
  const response = await estate.send(...signedCall(parent, reading, governance.version, params), slowed);
  const { Code, EnrolledAccounts } = JSON.parse(await response.text());
  expect(reading === action ? EnrolledAccounts : Code).toEqual(reading === action ? [] : 'InvalidBlueprint.NotFound');
});

it('it is for the management account alone', async () => {
  const estate = await newDirectoryEstate();
  const member = await signerOf(estate, await enrolled(estate));
  expect(await govern(estate, member, action)).toStrictEqual(notManagement);
  expect(await govern(estate, await estate.account(''), action)).toStrictEqual(unverified);
});

it('takes one round trip in a process that has read the page before, and tells what has changed since', async () => {
  const estate = await newDirectoryEstate();
  const { parent } = estate;
  const paid = { ...newAccount('dev'), PayerAccountUid: parent.uid };
  const AccountUid = await enrolled(estate, paid);
  const payers = async () => {
    const { EnrolledAccounts } = await governed(estate, parent, action);
    const seen = EnrolledAccounts.map((one: { PayerAccountUid?: number }) => one.PayerAccountUid);
    return [estate.logged.at(-1)?.['roundTrips'], seen];
  };
  expect(await payers()).toEqual([3, [parent.uid]]);
  expect(await payers()).toEqual([1, [parent.uid]]);
  await direct(
    estate,
    parent,
    'UpdatePayerForAccount',
    { AccountId: AccountUid, PayerAccountId: '' },
    resourceDirectoryMaster,
  );
  expect(await payers()).toEqual([1, [undefined]]);
  estate.advance(1000);
  await enrolled(estate, { ...paid, ...newAccount('ops') });
  const [waits, seen] = await payers();
  expect(waits).toBeLessThanOrEqual(4);
  expect(seen).toEqual([parent.uid, undefined]);
  expect(await payers()).toEqual([1, [parent.uid, undefined]]);
});
