import { describe, expect, it } from 'vitest';
import { newParties } from '#test/bss/parties.ts';
import {
  ASK_AGAIN_MS,
  accountNow,
  asked,
  confirmed,
  emailUsed,
  LINK_MS,
  promoted,
  promoting,
} from '#test/directory/asking.ts';
import {
  created,
  type DirectoryEstate,
  direct,
  directed,
  directInXml,
  directoryUnknown,
  isInvalid,
  lacks,
  memberUnfit,
  memberUnknown,
  newDirectoryEstate,
  nobody,
} from '#test/directory/calls.ts';
import { serverRequestId } from '#test/support/refusals.ts';
import { allOf } from '#test/workers/overdue.ts';

const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;
const fields = [
  'ResourceDirectoryId',
  'AccountId',
  'AccountName',
  'DisplayName',
  'FolderId',
  'JoinMethod',
  'JoinTime',
  'Type',
  'Status',
  'RecordId',
  'ModifyTime',
];

describe('a promotion that is asked for', () => {
  it('waits for its confirmation, in the fields of the vendor, in its order, with times to the second', async () => {
    const estate = await newDirectoryEstate();
    const { directoryId, parent, rootFolderId } = estate;
    const { AccountId, JoinTime } = await created(estate, 'Dev');
    estate.advance(90_000);
    const Email = 'someone@example.com';
    const body = await directed(estate, parent, 'PromoteResourceAccount', { AccountId, Email });
    expect(body).toStrictEqual({
      RequestId: serverRequestId,
      Account: {
        ResourceDirectoryId: directoryId,
        AccountId,
        AccountName: Email,
        DisplayName: 'Dev',
        FolderId: rootFolderId,
        JoinMethod: 'created',
        JoinTime: `${JoinTime.slice(0, 19)}Z`,
        Type: 'ResourceAccount',
        Status: 'PromoteVerifying',
        RecordId: expect.stringMatching(uuid),
        ModifyTime: `${new Date(estate.nowMs()).toISOString().slice(0, 19)}Z`,
      },
    });
    expect(Object.keys(body)).toEqual(['RequestId', 'Account']);
    expect(Object.keys(body.Account)).toEqual(fields);
  });

  it('is answered in XML by the same fields in the same order', async () => {
    const estate = await newDirectoryEstate();
    const { AccountId } = await created(estate, 'Dev');
    const params = { AccountId, Email: 'someone@example.com' };
    const xml = await directInXml(estate, estate.parent, 'PromoteResourceAccount', params);
    const names = [...xml.matchAll(/<(\w+)>/g)].map(([, name]) => name);
    expect(names).toEqual(['PromoteResourceAccountResponse', 'RequestId', 'Account', ...fields]);
  });

  it('leaves the account what it was, under its own name', async () => {
    const estate = await newDirectoryEstate();
    const before = await created(estate, 'Dev');
    await promoted(estate, { AccountId: before.AccountId, Email: 'dev@example.com' });
    const { AccountName, Status, Type } = await accountNow(estate, before.AccountId);
    expect({ AccountName, Status, Type }).toEqual({
      AccountName: before.AccountName,
      Status: 'PromoteVerifying',
      Type: 'ResourceAccount',
    });
  });

  it('puts one mail into the outbox, to the address as it was given but for spaces around it', async () => {
    const estate = await newDirectoryEstate();
    const { AccountId, RecordId } = await promoting(estate, { Email: ' Dev@Example.com ' });
    expect(await allOf(estate, 'mail')).toMatchObject([
      {
        id: RecordId,
        to: 'Dev@Example.com',
        asks: { kind: 'promotion', accountUid: Number(AccountId), legalName: 'Acme' },
      },
    ]);
  });

  it('takes one read and one write', async () => {
    const estate = await newDirectoryEstate();
    const { AccountId } = await created(estate, 'Dev');
    estate.requests.length = 0;
    await promoted(estate, { AccountId, Email: 'dev@example.com' });
    expect(estate.requests.map(({ command }) => command)).toEqual(['BatchGetItemCommand', 'TransactWriteItemsCommand']);
  });

  it('expires after a day: then the account can be promoted anew, and to the same address', async () => {
    const estate = await newDirectoryEstate();
    const { AccountId } = await promoting(estate);
    estate.advance(LINK_MS - 1);
    expect((await accountNow(estate, AccountId)).Status).toBe('PromoteVerifying');
    estate.advance(1);
    expect((await accountNow(estate, AccountId)).Status).toBe('PromoteExpired');
    expect((await promoted(estate, { AccountId, Email: 'dev@example.com' })).Status).toBe('PromoteVerifying');
  });
});

describe('a promotion is refused', () => {
  const refusalOf = async (params: Record<string, string | number>) => {
    const estate = await newDirectoryEstate();
    return direct(estate, estate.parent, 'PromoteResourceAccount', params);
  };
  const Email = 'dev@example.com';

  it.each([
    [{}, lacks('AccountId')],
    [{ Email }, lacks('AccountId')],
    [{ AccountId: '', Email }, lacks('AccountId')],
    [{ AccountId: '123', Email }, isInvalid('AccountId')],
    [{ AccountId: nobody }, lacks('Email')],
    [{ AccountId: nobody, Email: '' }, lacks('Email')],
    [{ AccountId: nobody, Email: 'x' }, isInvalid('Email')],
    [{ AccountId: nobody, Email: 'x@y' }, isInvalid('Email')],
    [{ AccountId: nobody, Email: 'a@example.com,b@example.com' }, isInvalid('Email')],
    [{ AccountId: nobody, Email: 'a b@example.com' }, isInvalid('Email')],
    [{ AccountId: nobody, Email: `${'a'.repeat(250)}@example.com` }, isInvalid('Email')],
    [{ AccountId: nobody, Email: "o'neil+x&y@sub.example.com" }, memberUnknown],
    [{ AccountId: nobody, Email }, memberUnknown],
  ])('with %j', async (params, answer) => {
    expect(await refusalOf(params)).toStrictEqual(answer);
  });

  it('of an account whose caller has no directory', async () => {
    const estate = await newParties();
    const answer = await direct(estate, estate.parent, 'PromoteResourceAccount', { AccountId: nobody, Email });
    expect(answer).toStrictEqual(directoryUnknown);
  });

  it('of the management account, and of a member of another directory', async () => {
    const estate = await newDirectoryEstate();
    const { AccountId } = await created(estate, 'Dev');
    await directed(estate, estate.child, 'InitResourceDirectory');
    const call = (by: typeof estate.parent, uid: string | number) =>
      direct(estate, by, 'PromoteResourceAccount', { AccountId: uid, Email });
    expect(await call(estate.parent, estate.parent.uid)).toStrictEqual(memberUnknown);
    expect(await call(estate.child, AccountId)).toStrictEqual(memberUnknown);
  });

  it('while another one of the account waits, and changes nothing of it', async () => {
    const estate = await newDirectoryEstate();
    const { AccountId } = await promoting(estate);
    const before = await estate.dump();
    const again = { AccountId, Email: 'other@example.com' };
    expect(await direct(estate, estate.parent, 'PromoteResourceAccount', again)).toStrictEqual(memberUnfit);
    expect(await estate.dump()).toEqual(before);
  });

  it('to the address of an account, of another promotion or of a creation, in whatever case', async () => {
    const estate = await newDirectoryEstate();
    const { call, operator, parent } = estate;
    await call(operator, 'RegisterAccount', { Name: 'taken', LegalName: 'Taken', Email: 'Taken@example.com' });
    await asked(estate, { Email: 'created@example.com' });
    await promoting(estate, { Email: 'pending@example.com' });
    const { AccountId } = await created(estate, 'Other');
    for (const address of ['taken@example.com', 'CREATED@example.com', 'pending@EXAMPLE.com']) {
      const answer = await direct(estate, parent, 'PromoteResourceAccount', { AccountId, Email: address });
      expect(answer).toStrictEqual(emailUsed);
    }
  });
});

it('an address that awaits a confirmation is not registered for another account before that has lapsed', async () => {
  const estate = await newDirectoryEstate();
  const { call, operator } = estate;
  await promoting(estate);
  const register = () => call(operator, 'RegisterAccount', { Name: 'new', LegalName: 'New', Email: 'dev@example.com' });
  expect(await register()).toMatchObject({ status: 400, body: { Reason: 'EmailClaimed' } });
  estate.advance(LINK_MS);
  expect(await register()).toMatchObject({ status: 200 });
});

it('an address that was claimed before claims could end is its account’s for good', async () => {
  const estate = await newDirectoryEstate();
  const { AccountId } = await created(estate, 'Dev');
  const Item = { pk: 'EMAIL#dev@example.com', sk: 'EMAIL', type: 'email', schema: 1, uid: estate.stranger.uid };
  await estate.deps.table.transact([{ Put: { Item } }]);
  estate.advance(LINK_MS);
  const params = { AccountId, Email: 'dev@example.com' };
  expect(await direct(estate, estate.parent, 'PromoteResourceAccount', params)).toStrictEqual(emailUsed);
});

describe('an account that was promoted and is a resource account again', () => {
  const Email = 'dev@example.com';

  /** One that bears the address. */
  async function switchedBack(): Promise<[DirectoryEstate, string]> {
    const estate = await newDirectoryEstate();
    const { AccountId, RecordId } = await promoting(estate, { Email });
    await confirmed(estate, RecordId);
    await directed(estate, estate.parent, 'UpdateAccount', { AccountId, NewAccountType: 'ResourceAccount' });
    return [estate, AccountId];
  }

  async function expectOwn(estate: DirectoryEstate): Promise<void> {
    estate.advance(LINK_MS);
    const { AccountId } = await created(estate, 'Other');
    const params = { AccountId, Email };
    expect(await direct(estate, estate.parent, 'PromoteResourceAccount', params)).toStrictEqual(emailUsed);
  }

  it.each([Email, 'Dev@Example.com'])('is promoted to its own address again, given as %s', async (address) => {
    const [estate, AccountId] = await switchedBack();
    const { RecordId } = await promoted(estate, { AccountId, Email: address });
    expect((await confirmed(estate, RecordId)).status).toBe(200);
    const { AccountName, Status, Type } = await accountNow(estate, AccountId);
    expect([AccountName, Status, Type]).toEqual([address, 'PromoteSuccess', 'CloudAccount']);
    await expectOwn(estate);
  });

  it('has the mail sent anew', async () => {
    const [estate, AccountId] = await switchedBack();
    const before = await promoted(estate, { AccountId, Email });
    estate.advance(ASK_AGAIN_MS);
    const params = { RecordId: before.RecordId };
    const { Account } = await directed(estate, estate.parent, 'ResendPromoteResourceAccountEmail', params);
    expect((await confirmed(estate, before.RecordId)).status).toBe(410);
    expect((await confirmed(estate, Account.RecordId)).status).toBe(200);
    await expectOwn(estate);
  });

  it.each(['cancelled', 'expired'])('keeps the address where that promotion is %s', async (how) => {
    const [estate, AccountId] = await switchedBack();
    const { RecordId } = await promoted(estate, { AccountId, Email });
    if (how === 'cancelled') await directed(estate, estate.parent, 'CancelPromoteResourceAccount', { RecordId });
    await expectOwn(estate);
  });

  it('gives the address up only where it is promoted to another', async () => {
    const [estate, AccountId] = await switchedBack();
    const { RecordId } = await promoted(estate, { AccountId, Email: 'other@example.com' });
    await expectOwn(estate);
    expect((await confirmed(estate, RecordId)).status).toBe(410);
    const again = await promoted(estate, { AccountId, Email: 'other@example.com' });
    expect((await confirmed(estate, again.RecordId)).status).toBe(200);
    const other = (await created(estate, 'New')).AccountId;
    expect((await promoted(estate, { AccountId: other, Email })).Status).toBe('PromoteVerifying');
  });
});
