import { describe, expect, it } from 'vitest';
import { newParties, stand } from '#test/bss/parties.ts';
import { asked, confirmed, emailUsed, LINK_MS, promoting } from '#test/directory/asking.ts';
import {
  created,
  type DirectoryEstate,
  direct,
  directed,
  directInXml,
  directoryUnknown,
  folderUnknown,
  isInvalid,
  lacks,
  memberUnknown,
  newDirectoryEstate,
  nobody,
} from '#test/directory/calls.ts';
import { cloudMember } from '#test/directory/members.ts';
import type { Params } from '#test/support/estate.ts';
import { refused, serverRequestId } from '#test/support/refusals.ts';
import { allOf } from '#test/workers/overdue.ts';

const action = 'CreateCloudAccount';
const given = { DisplayName: 'Cloud', Email: 'cloud@example.com' };
const call = (estate: DirectoryEstate, params: Params) => direct(estate, estate.parent, action, params);

const nameTaken = refused(
  'DisplayNameTaken',
  'InvalidParameter.Account.DisplayName.AlreadyUsed',
  'The displayname of account has been used.',
  409,
);

describe('a creation that is asked for', () => {
  it('waits for its confirmation, in the fields of the vendor, in its order', async () => {
    const estate = await newDirectoryEstate();
    const body = await directed(estate, estate.parent, action, given);
    expect(body).toStrictEqual({
      RequestId: serverRequestId,
      Account: {
        ResourceDirectoryId: estate.directoryId,
        AccountId: expect.stringMatching(/^1\d{15}$/),
        AccountName: 'cloud@example.com',
        DisplayName: 'Cloud',
        FolderId: estate.rootFolderId,
        JoinMethod: 'created',
        Type: 'CloudAccount',
        Status: 'CreateVerifying',
        RecordId: expect.stringMatching(/^[\da-f-]{36}$/),
        ModifyTime: new Date(estate.nowMs()).toISOString(),
      },
    });
    const xml = await directInXml(estate, estate.parent, action, { DisplayName: 'Other', Email: 'other@example.com' });
    const names = [...xml.matchAll(/<(\w+)>/g)].map(([, name]) => name);
    expect(names).toEqual([`${action}Response`, 'RequestId', 'Account', ...Object.keys(body.Account)]);
  });

  it('is no member before that, takes no seat, and mails one link', async () => {
    const estate = await newDirectoryEstate();
    const { AccountId, RecordId } = await asked(estate);
    expect(await direct(estate, estate.parent, 'GetAccount', { AccountId })).toStrictEqual(memberUnknown);
    expect((await allOf(estate, 'seats')).map(({ members }) => members)).toEqual(expect.not.arrayContaining([1]));
    expect(await allOf(estate, 'mail')).toMatchObject([
      { id: RecordId, to: 'cloud@example.com', asks: { kind: 'creation' } },
    ]);
  });

  it('holds its name and its address for a day', async () => {
    const estate = await newDirectoryEstate();
    await asked(estate);
    expect(await call(estate, { ...given, Email: 'other@example.com' })).toStrictEqual(nameTaken);
    expect(await call(estate, { ...given, DisplayName: 'Other' })).toStrictEqual(emailUsed);
    const resource = await direct(estate, estate.parent, 'CreateResourceAccount', { DisplayName: 'Cloud' });
    expect(resource).toStrictEqual(nameTaken);
    estate.advance(LINK_MS);
    expect(await call(estate, given)).toMatchObject({ status: 200 });
  });
});

describe('a creation is refused', () => {
  const tooLong = 'The DisplayName of the account exceeds the length limit.';
  const badName = 'The DisplayName of account is invalid.';

  it.each<[Params, object]>([
    [{}, lacks('DisplayName', 'Account.DisplayName')],
    [{ DisplayName: 'x', Email: given.Email }, isInvalid('', 'Account.DisplayName.Length', tooLong)],
    [{ DisplayName: 'x'.repeat(51), Email: given.Email }, isInvalid('', 'Account.DisplayName.Length', tooLong)],
    [{ DisplayName: 'a b', Email: given.Email }, isInvalid('', 'Account.DisplayName', badName)],
    [{ DisplayName: 'a/b', Email: given.Email }, isInvalid('', 'Account.DisplayName', badName)],
    [{ DisplayName: 'Cloud' }, lacks('Email')],
    [{ DisplayName: 'Cloud', Email: 'x' }, isInvalid('Email')],
    [{ ...given, ParentFolderId: 'fd-1' }, isInvalid('ParentFolderId')],
    [{ ...given, ParentFolderId: 'fd-1234567890' }, folderUnknown],
  ])('with %j', async (params, answer) => {
    const estate = await newDirectoryEstate();
    const before = await estate.dump();
    expect(await call(estate, params)).toStrictEqual(answer);
    expect(await estate.dump()).toEqual(before);
  });

  it('to a caller without a directory', async () => {
    const estate = await newParties();
    expect(await direct(estate, estate.parent, action, given)).toStrictEqual(directoryUnknown);
  });

  it('while the directory is full', async () => {
    const estate = await newDirectoryEstate();
    for (let nth = 0; nth < 20; nth++) await created(estate, `Member ${nth}`);
    expect(await call(estate, given)).toStrictEqual(
      refused(
        'MemberQuotaReached',
        'LimitExceeded.Account',
        'The maximum number of member accounts in a resource directory exceeds the limit.',
        409,
      ),
    );
  });

  it('for a name or an address that is taken', async () => {
    const estate = await newDirectoryEstate();
    await promoting(estate);
    expect(await call(estate, { ...given, DisplayName: 'Dev' })).toStrictEqual(nameTaken);
    expect(await call(estate, { ...given, Email: 'DEV@example.com' })).toStrictEqual(emailUsed);
  });
});

describe('a payer', () => {
  const paidBy = (estate: DirectoryEstate, PayerAccountId: number | string) =>
    call(estate, { ...given, PayerAccountId });

  it('has to be the management account or a member', async () => {
    const estate = await newDirectoryEstate();
    expect(await paidBy(estate, nobody)).toMatchObject({ status: 409, body: { Code: 'Invalid.PayRelation' } });
    expect(await paidBy(estate, estate.sibling.uid)).toMatchObject({
      status: 409,
      body: { Code: 'NotSupport.PayerAccountInAnotherResourceDirectory' },
    });
    expect(await paidBy(estate, estate.parent.uid)).toMatchObject({ status: 200 });
  });

  it('may be a member of the directory, as long as nobody pays for that', async () => {
    const estate = await newDirectoryEstate();
    const payer = await created(estate, 'Payer');
    const { RecordId } = (await paidBy(estate, payer.AccountId)).body.Account;
    expect((await confirmed(estate, RecordId)).status).toBe(200);
    const paid = await created(estate, 'Paid', { PayerAccountId: estate.parent.uid });
    expect(
      await call(estate, { DisplayName: 'Other', Email: 'o@example.com', PayerAccountId: paid.AccountId }),
    ).toStrictEqual(
      refused(
        'ParentInTrusteeship',
        'PaymentAccountFinancialRelationshipVerifyError',
        'The payment account must not be the beneficiary account from other financial relationships.',
        409,
      ),
    );
  });

  it('is refused in this operation’s own words while it is frozen or overdrawn', async () => {
    const estate = await newDirectoryEstate();
    const { uid } = estate.parent;
    await stand(estate, uid, { frozen: true });
    const unavailable =
      'Failed to create a member. The specified billing account is unavailable. Please change to another billing account and try again.';
    expect(await paidBy(estate, uid)).toStrictEqual(refused('ParentFrozen', 'Invalid.PayRelation', unavailable, 409));
    await stand(estate, uid, { availableBalance: -1 });
    expect(await paidBy(estate, uid)).toStrictEqual(
      refused(
        'ParentOverdrawnAtLinking',
        'PaymentAccountCreditIdentityTypeError',
        'The identity of the payment account is not credit.',
        409,
      ),
    );
  });

  it('of another legal name than the directory’s is refused', async () => {
    const estate = await newDirectoryEstate();
    const payer = await cloudMember(estate, 'Payer', { legalName: 'Bolt' });
    expect(await paidBy(estate, payer)).toStrictEqual(
      refused(
        'LegalNamesDiffer',
        'InconsistentEnterpriseNameError',
        'The enterprise name of the payment account and the member account must be consistent.',
        409,
      ),
    );
  });
});
