import { expect, it } from 'vitest';
import { add, confirm, modify, newParties, stand } from '#test/bss/parties.ts';
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
  nobody,
  signerOf,
} from '#test/directory/calls.ts';
import { checked, checkUnknown, lent, newDeletionEstate } from '#test/directory/deletions.ts';

interface Found {
  readonly CheckId: string;
}

/** What a check finds: the ids of what forbids the deletion, and of what may be abandoned. */
async function foundIn(estate: DirectoryEstate, AccountId: string): Promise<readonly [string[], string[]]> {
  const { AbandonableChecks = [], AllowDelete, NotAllowReason = [], Status } = await checked(estate, AccountId);
  const idsOf = (all: readonly Found[]) => all.map(({ CheckId }) => CheckId);
  expect(Status).toBe('PreCheckComplete');
  expect(AllowDelete).toBe(String(NotAllowReason.length === 0));
  return [idsOf(NotAllowReason), idsOf(AbandonableChecks)];
}

it('orders, arrears and an overdrawn balance forbid a deletion; a balance may be abandoned', async () => {
  const estate = await newDeletionEstate();
  const { AccountId } = await created(estate, 'Dev');
  const uid = Number(AccountId);
  expect(await foundIn(estate, AccountId)).toEqual([[], []]);
  await stand(estate, uid, { openOrders: 2 });
  expect(await foundIn(estate, AccountId)).toEqual([['NON_SP_order'], []]);
  await stand(estate, uid, { arrears: 5, openOrders: 1, availableBalance: 7 });
  expect(await foundIn(estate, AccountId)).toEqual([['NON_SP_order', 'NON_SP_arrears'], ['NON_SP_balance']]);
  await stand(estate, uid, { availableBalance: -1 });
  expect(await foundIn(estate, AccountId)).toEqual([['NON_SP_arrears'], []]);
  await stand(estate, uid, { availableBalance: 1, frozen: true });
  expect(await foundIn(estate, AccountId)).toEqual([[], ['NON_SP_balance']]);
});

it('credit that is lent may be abandoned, unless it is spent', async () => {
  const estate = await newDeletionEstate();
  const { AccountId } = await created(estate, 'Dev');
  await lent(estate, AccountId, 40);
  expect(await foundIn(estate, AccountId)).toEqual([[], ['NON_SP_credit']]);
  await stand(estate, Number(AccountId), { availableBalance: 41 });
  expect(await foundIn(estate, AccountId)).toEqual([[], ['NON_SP_credit', 'NON_SP_balance']]);
  await stand(estate, Number(AccountId), { availableBalance: 39 });
  expect(await foundIn(estate, AccountId)).toEqual([['NON_SP_creditspent'], ['NON_SP_credit']]);
});

it('a payer that is the management account forbids nothing, as long as that is not overdrawn', async () => {
  const estate = await newDeletionEstate();
  const { parent } = estate;
  const { AccountId } = await created(estate, 'Dev', { PayerAccountId: parent.uid });
  expect(await foundIn(estate, AccountId)).toEqual([[], []]);
  await stand(estate, parent.uid, { availableBalance: -1 });
  expect(await foundIn(estate, AccountId)).toEqual([['NON_SP_payerarrears'], []]);
});

it('whoever pays for others, or has invited others, has to end that first', async () => {
  const estate = await newDeletionEstate();
  const { child } = estate;
  const { AccountId } = await created(estate, 'Payer');
  const { AccountId: paidFor } = await created(estate, 'Dev', { PayerAccountId: AccountId });
  expect(await foundIn(estate, AccountId)).toEqual([['NON_SP_payer'], []]);
  // The other one is paid for by an account other than the management account.
  expect(await foundIn(estate, paidFor)).toEqual([['NON_SP_efc'], []]);
  const { AccountId: inviter } = await created(estate, 'Inviter');
  await add(estate, await signerOf(estate, inviter), child, { PermissionCodes: ['CHECK_FINANCE_INFO'] });
  expect(await foundIn(estate, inviter)).toEqual([['NON_SP_payer'], []]);
});

it('a change of its relation that awaits an answer has to be settled first', async () => {
  const estate = await newDeletionEstate();
  const { AccountId } = await created(estate, 'Dev');
  const { stranger } = estate;
  const member = await signerOf(estate, AccountId);
  const id = await add(estate, stranger, member, { PermissionCodes: ['CHECK_FINANCE_INFO'] });
  expect(await foundIn(estate, AccountId)).toEqual([[], []]);
  await confirm(estate, member, id, 'child_agree', ['CHECK_FINANCE_INFO']);
  expect(await foundIn(estate, AccountId)).toEqual([['NON_SP_efc'], []]);
  await modify(estate, stranger, id, 'ADD', ['MANAGE_TARGET_INVOICE']);
  expect(await foundIn(estate, AccountId)).toEqual([['NON_SP_efc', 'NON_SP_change'], []]);
});

it('a promotion that awaits its confirmation forbids it until it is cancelled', async () => {
  const estate = await newDeletionEstate();
  const { parent } = estate;
  const { AccountId } = await created(estate, 'Dev');
  const params = { AccountId, Email: 'dev@example.com' };
  const { Account } = await directed(estate, parent, 'PromoteResourceAccount', params);
  expect(await foundIn(estate, AccountId)).toEqual([['NON_SP_promote'], []]);
  await directed(estate, parent, 'CancelPromoteResourceAccount', { RecordId: Account.RecordId });
  expect(await foundIn(estate, AccountId)).toEqual([[], []]);
});

it('each finding has an id, a name and a description; lists in XML have no element around them', async () => {
  const estate = await newDeletionEstate();
  const { AccountId } = await created(estate, 'Dev');
  await stand(estate, Number(AccountId), { arrears: 5, openOrders: 1, availableBalance: 7 });
  const { AbandonableChecks, NotAllowReason } = await checked(estate, AccountId);
  const isText = expect.any(String);
  expect(NotAllowReason[0]).toStrictEqual({ CheckId: 'NON_SP_order', CheckName: 'Orders', Description: isText });
  const balance = { CheckId: 'NON_SP_balance', CheckName: 'Balance', Description: isText };
  expect(AbandonableChecks).toStrictEqual([balance]);
  const xml = await directInXml(estate, estate.parent, 'GetAccountDeletionCheckResult', { AccountId });
  expect(xml).toContain('<AllowDelete>false</AllowDelete><NotAllowReason><CheckId>NON_SP_order</CheckId>');
  expect(xml).toContain('</NotAllowReason><NotAllowReason><CheckId>NON_SP_arrears</CheckId>');
});

it('the member has to be named, to be there, to be a resource account, and to have been checked', async () => {
  const estate = await newDeletionEstate();
  const { parent, sibling } = estate;
  const { AccountId } = await created(estate, 'Dev');
  const action = 'GetAccountDeletionCheckResult';
  const call = (params: Record<string, string | number>) => direct(estate, parent, action, params);
  expect(await call({})).toStrictEqual(lacks('AccountId'));
  expect(await call({ AccountId: 12 })).toStrictEqual(isInvalid('AccountId'));
  expect(await call({ AccountId: nobody })).toStrictEqual(memberUnknown);
  expect(await call({ AccountId })).toStrictEqual(checkUnknown);
  await checked(estate, AccountId);
  expect((await call({ AccountId })).status).toBe(200);
  await directed(estate, parent, 'UpdateAccount', { AccountId, NewAccountType: 'CloudAccount' });
  expect(await call({ AccountId })).toStrictEqual(memberUnfit);
  await directed(estate, sibling, 'InitResourceDirectory');
  expect(await direct(estate, sibling, action, { AccountId })).toStrictEqual(memberUnknown);
  const others = await newParties();
  expect(await direct(others, others.parent, action, { AccountId })).toStrictEqual(directoryUnknown);
});
