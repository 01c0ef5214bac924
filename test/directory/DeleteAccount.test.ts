import { describe, expect, it } from 'vitest';
import { add, newParties, proposal, stand } from '#test/bss/parties.ts';
import {
  created,
  type DirectoryEstate,
  direct,
  directed,
  directInXml,
  directoryUnknown,
  foldered,
  isInvalid,
  lacks,
  memberUnfit,
  memberUnknown,
  newDirectoryEstate,
  nobody,
  signerOf,
} from '#test/directory/calls.ts';
import {
  askDeletion,
  byRootUser,
  deletionForbidden,
  isCloudAccount,
  legalNameDiffers,
  lent,
  newDeletionEstate,
  permitted,
  settle,
  statusNow,
} from '#test/directory/deletions.ts';
import { cloudMember, resourceMember, rootKey, storedMember } from '#test/directory/members.ts';
import type { Params } from '#test/support/estate.ts';
import { refused, serverRequestId } from '#test/support/refusals.ts';

const checkRunning = refused(
  'CheckRunning',
  'NotSupportedOperation.PreCheckingAccount',
  'The operation is not supported because the account is being checked for deletion.',
  409,
);
const checking = refused(
  'DeletionChecking',
  'NotSupportedOperation.CheckingAccount',
  'The operation is not supported because the account is checking for deletion.',
  409,
);
const running = refused(
  'DeletionRunning',
  'NotSupportedOperation.DeletingAccount',
  'The operation is not supported because the account is being deleted.',
  409,
);
const paidByAnother = refused(
  'MemberPaidByAnother',
  'NotSupport.HasPayerAccount',
  'This account has a payer account. Please release the financial relationship of this account first.',
  409,
);

/** Deletes a member and answers what became of that. */
async function deleted(estate: DirectoryEstate, AccountId: string | number, params: Params = {}) {
  await askDeletion(estate, AccountId, params);
  await settle(estate);
  return statusNow(estate, AccountId);
}

describe('a deletion', () => {
  it('takes with it the account, its place, its seat, its names and its keys', async () => {
    const estate = await newDeletionEstate();
    const { call, deps, operator, parent } = estate;
    const ParentFolderId = await foldered(estate, 'Apps');
    const params = { ParentFolderId, AccountNamePrefix: 'dev' };
    const { AccountId } = await created(estate, 'Dev', params);
    const uid = Number(AccountId);
    const keys = await Promise.all(Array.from({ length: 45 }, () => signerOf(estate, AccountId)));
    expect(await directed(estate, parent, 'DeleteAccount', { AccountId })).toStrictEqual({
      RequestId: serverRequestId,
      DeletionType: '0',
    });
    await settle(estate);
    expect((await statusNow(estate, AccountId)).Status).toBe('Success');
    expect(await direct(estate, parent, 'GetAccount', { AccountId })).toStrictEqual(memberUnknown);
    expect(await direct(estate, parent, 'DeleteAccount', { AccountId })).toStrictEqual(memberUnknown);
    for (const action of ['ListAccounts', 'ListAccountsForParent']) {
      expect((await directed(estate, parent, action)).TotalCount).toBe(0);
    }
    await directed(estate, parent, 'DeleteFolder', { FolderId: ParentFolderId });
    expect((await created(estate, 'Dev', { AccountNamePrefix: 'dev' })).AccountName).toMatch(/^dev@/);
    expect(await deps.accounts.find(uid)).toBeUndefined();
    for (const { keyId } of keys) {
      expect(await estate.anotherProcess().keyring.secretOf(keyId)).toMatchObject({ active: false });
    }
    expect((await call(operator, 'IssueAccessKey', { Uid: uid })).body.Reason).toBe('AccountUnknown');
  });

  it('is told by events, each filed under the member and under the account that asked', async () => {
    const estate = await newDeletionEstate();
    const { deps, parent } = estate;
    const { AccountId } = await created(estate, 'Dev', { PayerAccountId: parent.uid });
    const key = await signerOf(estate, AccountId);
    const { RequestId } = await askDeletion(estate, AccountId);
    await settle(estate);
    const of = async (subject: string, id: string | number) =>
      (await deps.ledger.ofSubject(subject, id, 20)).map(({ event }) => event).toReversed();
    const uid = Number(AccountId);
    expect(await of('deletion', uid)).toEqual(['ask', 'pass', 'release', 'remove', 'finish']);
    expect(await of('member', uid)).toEqual(['create', 'beginDeletion', 'delete']);
    expect(await of('account', uid)).toEqual(['register', 'close']);
    expect(await of('accessKey', key.keyId)).toEqual(['issue', 'revoke']);
    const [last] = await deps.ledger.ofSubject('deletion', uid, 1);
    expect(last).toMatchObject({
      actor: parent.uid,
      action: 'DeleteAccount',
      requestId: RequestId,
      owners: [parent.uid, uid],
    });
  });

  it('ends the relation by which the management account pays, and gives back what it has lent', async () => {
    const estate = await newDeletionEstate();
    const { call, deps, operator, parent } = estate;
    const paid = await created(estate, 'Paid', { PayerAccountId: parent.uid });
    expect((await deleted(estate, paid.AccountId)).Status).toBe('Success');
    const { AccountId } = await created(estate, 'Lent');
    await lent(estate, AccountId, 40);
    expect((await deleted(estate, AccountId)).Status).toBe('CheckFailed');
    expect((await deleted(estate, AccountId, { AbandonableCheckId: '["NON_SP_credit"]' })).Status).toBe('Success');
    expect((await deps.standings.get(parent.uid)).availableBalance).toBe(100);
    for (const uid of [paid.AccountId, AccountId]) {
      const { body } = await call(operator, 'ListEvents', { Uid: uid, MaxResults: 50 });
      expect(body.Events.map(({ Event }: { Event: string }) => Event)).toContain('end');
    }
  });

  it.each([
    ['manages', { PermissionCodes: ['CHECK_FINANCE_INFO'] }],
    ['pays', { RoleCodes: ['trusteeship'] }],
  ])(
    'ends what the management account opens with the account when the first relation was ended: it %s',
    async (_, terms) => {
      const estate = await newDeletionEstate();
      const { deps, parent } = estate;
      const { AccountId } = await created(estate, 'Dev');
      const member = await signerOf(estate, AccountId);
      await askDeletion(estate, AccountId);
      await settle(estate, { most: 2 });
      const id = await add(estate, parent, member, terms);
      await settle(estate);
      expect((await statusNow(estate, AccountId)).Status).toBe('Success');
      expect(await deps.relations.get(id, estate.nowMs())).toMatchObject({ status: 'ended' });
      const events = await deps.ledger.ofSubject('deletion', Number(AccountId), 20);
      const inOrder = ['ask', 'pass', 'release', 'releaseAgain', 'remove', 'finish'];
      expect(events.map(({ event }) => event).toReversed()).toEqual(inOrder);
    },
  );

  it('leaves the account as it was if something stands against it, and may be asked for again', async () => {
    const estate = await newDeletionEstate();
    const { parent } = estate;
    const { AccountId } = await created(estate, 'Dev', { PayerAccountId: parent.uid });
    await stand(estate, Number(AccountId), { openOrders: 1 });
    expect((await deleted(estate, AccountId)).Status).toBe('CheckFailed');
    expect((await directed(estate, parent, 'GetAccount', { AccountId })).Account.Status).toBe('CreateSuccess');
    expect((await directed(estate, parent, 'GetPayerForAccount', { AccountId })).PayerAccountId).toBe(
      String(parent.uid),
    );
    await stand(estate, Number(AccountId), {});
    const again = await deleted(estate, AccountId);
    expect(again).toMatchObject({ Status: 'Success' });
    expect(again).not.toHaveProperty('FailReasonList');
  });

  it.each([1, 2])('fails by name at what comes up after step %i of it, and the member stays', async (most) => {
    const estate = await newDeletionEstate();
    const { parent } = estate;
    const { AccountId } = await created(estate, 'Dev', { PayerAccountId: parent.uid });
    await askDeletion(estate, AccountId);
    await settle(estate, { most });
    await stand(estate, Number(AccountId), { arrears: 1 });
    await settle(estate);
    const reason = { Name: 'Arrears', Description: 'The account owes on bills, or is overdrawn.' };
    expect(await statusNow(estate, AccountId)).toMatchObject({ Status: 'DeleteFailed', FailReasonList: [reason] });
    expect(await storedMember(estate, AccountId)).toMatchObject({ status: 'joined' });
    await directed(estate, parent, 'UpdateAccount', { AccountId, NewDisplayName: 'Ops' });
    await stand(estate, Number(AccountId), {});
    expect((await deleted(estate, AccountId)).Status).toBe('Success');
  });

  it('leaves an account behind that nobody can be related to', async () => {
    const estate = await newDeletionEstate();
    const { parent, sibling } = estate;
    const { AccountId } = await created(estate, 'Dev');
    const member = await signerOf(estate, AccountId);
    const before = await add(estate, sibling, member, { PermissionCodes: ['CHECK_FINANCE_INFO'] });
    await estate.call(sibling, 'RelieveAccountRelation', { RequestId: 'r', RelationId: before });
    expect((await deleted(estate, AccountId)).Status).toBe('Success');
    const codes = { PermissionCodes: ['CHECK_FINANCE_INFO'] };
    const answer = await estate.call(sibling, 'AddAccountRelation', proposal(sibling, member, codes));
    expect(answer.body.Reason).toBe('AccountUnknown');
    const payer = { DisplayName: 'Ops', PayerAccountId: AccountId };
    expect((await direct(estate, parent, 'CreateResourceAccount', payer)).body.Reason).toBe('PayerUnknown');
  });
});

describe('checks that are abandoned', () => {
  it.each([
    ['as a JSON list', { AbandonableCheckId: '["NON_SP_balance","SP_eip_eip_pre"]' }, 'Success'],
    ['as a flat list', { AbandonableCheckId: ['NON_SP_balance'] }, 'Success'],
    ['as an empty list', { AbandonableCheckId: '[]' }, 'CheckFailed'],
    ['as an empty text', { AbandonableCheckId: '' }, 'CheckFailed'],
    ['by the name of another', { AbandonableCheckId: '["NON_SP_credit"]' }, 'CheckFailed'],
  ])('are named %s', async (_, params, Status) => {
    const estate = await newDeletionEstate();
    const { AccountId } = await created(estate, 'Dev');
    await stand(estate, Number(AccountId), { availableBalance: 5 });
    expect((await deleted(estate, AccountId, params)).Status).toBe(Status);
  });

  it('do not let a deletion pass that something else stands against', async () => {
    const estate = await newDeletionEstate();
    const { AccountId } = await created(estate, 'Dev');
    await stand(estate, Number(AccountId), { openOrders: 1 });
    expect((await deleted(estate, AccountId, { AbandonableCheckId: '["NON_SP_order"]' })).Status).toBe('CheckFailed');
  });

  it('have to be a list', async () => {
    const estate = await newDeletionEstate();
    const { AccountId } = await created(estate, 'Dev');
    for (const AbandonableCheckId of ['NON_SP_cs', '{}', '"NON_SP_cs"', '[{}]']) {
      const answer = await direct(estate, estate.parent, 'DeleteAccount', { AccountId, AbandonableCheckId });
      expect(answer).toStrictEqual(isInvalid('AbandonableCheckId'));
    }
  });
});

describe('a deletion is refused', () => {
  it('where deletions are forbidden, to the root user, and of what cannot be deleted', async () => {
    const estate = await newDirectoryEstate();
    const { parent } = estate;
    const { AccountId } = await created(estate, 'Dev');
    const ask = (uid: string | number, by = parent) => direct(estate, by, 'DeleteAccount', { AccountId: uid });
    expect(await ask(AccountId)).toStrictEqual(deletionForbidden);
    await permitted(estate);
    expect(await ask(AccountId, await rootKey(estate, parent.uid))).toStrictEqual(byRootUser);
    expect(await ask(await cloudMember(estate, 'Cloud'))).toStrictEqual(isCloudAccount);
    expect(await ask(await resourceMember(estate, 'Other', { legalName: 'Bolt' }))).toStrictEqual(legalNameDiffers);
  });

  it('of a member that another than the management account pays for', async () => {
    const estate = await newDeletionEstate();
    const payer = await created(estate, 'Payer');
    const { AccountId } = await created(estate, 'Dev', { PayerAccountId: payer.AccountId });
    expect(await direct(estate, estate.parent, 'DeleteAccount', { AccountId })).toStrictEqual(paidByAnother);
  });

  it('while a check or another deletion runs', async () => {
    const estate = await newDeletionEstate();
    const { parent } = estate;
    const { AccountId } = await created(estate, 'Dev');
    const ask = () => direct(estate, parent, 'DeleteAccount', { AccountId });
    await directed(estate, parent, 'CheckAccountDelete', { AccountId });
    expect(await ask()).toStrictEqual(checkRunning);
    await settle(estate);
    expect((await ask()).status).toBe(200);
    expect(await ask()).toStrictEqual(checking);
    for (let step = 0; step < 2; step++) {
      await settle(estate, { most: 1 });
      expect(await ask()).toStrictEqual(running);
    }
    await settle(estate);
    expect(await ask()).toStrictEqual(memberUnknown);
  });

  it('of a member that is not named, or not there', async () => {
    const estate = await newDeletionEstate();
    const { child, parent } = estate;
    const call = (params: Params) => direct(estate, parent, 'DeleteAccount', params);
    expect(await call({})).toStrictEqual(lacks('AccountId'));
    expect(await call({ AccountId: 12 })).toStrictEqual(isInvalid('AccountId'));
    for (const AccountId of [nobody, child.uid, parent.uid]) {
      expect(await call({ AccountId })).toStrictEqual(memberUnknown);
    }
    const others = await newParties();
    expect(await direct(others, others.parent, 'DeleteAccount', { AccountId: nobody })).toStrictEqual(directoryUnknown);
  });
});

it('a member that is being deleted is neither moved, renamed, promoted nor removed', async () => {
  const estate = await newDeletionEstate();
  const { parent } = estate;
  const { AccountId } = await created(estate, 'Dev');
  const DestinationFolderId = await foldered(estate, 'Apps');
  await askDeletion(estate, AccountId);
  await settle(estate, { most: 1 });
  const call = (action: string, params: Params) => direct(estate, parent, action, { AccountId, ...params });
  expect(await call('MoveAccount', { DestinationFolderId })).toStrictEqual(memberUnfit);
  expect(await call('RemoveCloudAccount', {})).toStrictEqual(memberUnfit);
  expect(await call('PromoteResourceAccount', { Email: 'dev@example.com' })).toStrictEqual(memberUnfit);
  for (const change of [{ NewDisplayName: 'Ops' }, { NewAccountType: 'CloudAccount' }]) {
    expect(await call('UpdateAccount', change)).toStrictEqual(
      refused(
        'MemberUnfit',
        'AccountTypeMismatch',
        'The type or status of the member account cannot satisfy the current operation.',
        409,
      ),
    );
  }
  expect((await call('GetAccount', {})).body.Account).toMatchObject({ AccountId, Status: 'CreateSuccess' });
  await settle(estate);
  expect((await statusNow(estate, AccountId)).Status).toBe('Success');
});

it('its answer in XML has the type of the deletion', async () => {
  const estate = await newDeletionEstate();
  const { AccountId } = await created(estate, 'Dev');
  const xml = await directInXml(estate, estate.parent, 'DeleteAccount', { AccountId });
  expect(xml).toContain('<DeletionType>0</DeletionType></DeleteAccountResponse>');
});

it.each([
  ['that was never paid for', 2, async () => ({})],
  ['for which the management account pays', 2, async ({ parent }: DirectoryEstate) => ({ PayerAccountId: parent.uid })],
  [
    'for which another member pays, and is refused,',
    3,
    async (estate: DirectoryEstate) => ({ PayerAccountId: (await created(estate, 'Payer')).AccountId }),
  ],
])('an account %s takes %i round trips', async (_, roundTrips, paid) => {
  const estate = await newDeletionEstate();
  const { AccountId } = await created(estate, 'Dev', await paid(estate));
  const { status } = await direct(estate, estate.parent, 'DeleteAccount', { AccountId });
  expect(estate.logged.at(-1)).toMatchObject({ status, roundTrips });
});
