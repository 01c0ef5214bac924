import { describe, expect, it } from 'vitest';
import { resourceDirectoryMaster, resourceManager } from '#lib/products/directory/product.ts';
import { governance } from '#lib/products/governance/product.ts';
import { asked, submit, tokenOf } from '#test/directory/asking.ts';
import { created, type DirectoryEstate, directed, enabled, newDirectoryEstate } from '#test/directory/calls.ts';
import { askDeletion, newDeletionEstate, settle, stepsOf, take } from '#test/directory/deletions.ts';
import { cloudMember } from '#test/directory/members.ts';
import { baselined } from '#test/governance/calls.ts';
import { newAccount } from '#test/governance/enrolling.ts';
import { stored } from '#test/races/answers.ts';
import { callAround, slowed } from '#test/races/slowed.ts';
import type { Params } from '#test/support/estate.ts';

/** What a call was decided by, and how that comes to be otherwise before the call writes. */
interface Case {
  readonly estate?: () => Promise<DirectoryEstate>;
  /** What is there when the call reads, as its parameters. */
  readonly staged: (estate: DirectoryEstate) => Promise<Params>;
  readonly changed: (estate: DirectoryEstate, params: Params) => Promise<unknown>;
  readonly action: string;
  readonly version?: string;
  readonly reason: string;
  /** What must not have been written. */
  readonly unwritten: string;
}

async function memberPaidBy(estate: DirectoryEstate, payer: number): Promise<Params> {
  const { AccountId } = await created(estate, 'Dev', { PayerAccountId: payer });
  return { AccountId };
}

const toCloud = (estate: DirectoryEstate, { AccountId = '' }: Params) =>
  directed(estate, estate.parent, 'UpdateAccount', { AccountId, NewAccountType: 'CloudAccount' });
const payerLeaves = (estate: DirectoryEstate, { PayerAccountId, PayerAccountUid }: Params) =>
  directed(estate, estate.parent, 'RemoveCloudAccount', { AccountId: PayerAccountId ?? PayerAccountUid ?? '' });
const forbidden = (estate: DirectoryEstate) =>
  directed(estate, estate.parent, 'SetMemberDeletionPermission', { Status: 'Disabled' });
const destroyed = (estate: DirectoryEstate) => directed(estate, estate.parent, 'DestroyResourceDirectory');
const member = async (estate: DirectoryEstate) => ({ AccountId: (await created(estate, 'Dev')).AccountId });

const cases: Readonly<Record<string, Case>> = {
  'who pays for a member that is a cloud account by then': {
    staged: async (estate) => ({ ...(await member(estate)), PayerAccountId: estate.parent.uid }),
    changed: toCloud,
    action: 'UpdatePayerForAccount',
    version: resourceDirectoryMaster,
    reason: 'MemberTypeUnfit',
    unwritten: 'relation',
  },
  'who pays for a member that is being deleted by then': {
    estate: newDeletionEstate,
    staged: async (estate) => {
      const params = await member(estate);
      await askDeletion(estate, String(params.AccountId));
      return { ...params, PayerAccountId: estate.parent.uid };
    },
    changed: async (estate) => take(estate, await stepsOf(estate)),
    action: 'UpdatePayerForAccount',
    version: resourceDirectoryMaster,
    reason: 'MemberTypeUnfit',
    unwritten: 'relation',
  },
  'who pays for a member, by an account that has left by then': {
    staged: async (estate) => ({ ...(await member(estate)), PayerAccountId: await cloudMember(estate, 'Payer') }),
    changed: payerLeaves,
    action: 'UpdatePayerForAccount',
    version: resourceDirectoryMaster,
    reason: 'PayerOutsideDirectory',
    unwritten: 'relation',
  },
  'who pays for a member that is made, by an account that has left by then': {
    staged: async (estate) => ({ DisplayName: 'Dev', PayerAccountId: await cloudMember(estate, 'Payer') }),
    changed: payerLeaves,
    action: 'CreateResourceAccount',
    reason: 'PayerOutsideDirectory',
    unwritten: 'relation',
  },
  'who pays for an account that is enrolled, by one that has left by then': {
    staged: async (estate) => ({ ...newAccount('dev'), PayerAccountUid: await cloudMember(estate, 'Payer') }),
    changed: payerLeaves,
    action: 'EnrollAccount',
    version: governance.version,
    reason: 'PayerOutsideDirectory',
    unwritten: 'enrolment',
  },
  'a check of a member that is a cloud account by then': {
    estate: newDeletionEstate,
    staged: member,
    changed: toCloud,
    action: 'CheckAccountDelete',
    reason: 'MemberIsCloudAccount',
    unwritten: 'deletionCheck',
  },
  'a check in a directory that permits no deletions by then': {
    estate: newDeletionEstate,
    staged: member,
    changed: forbidden,
    action: 'CheckAccountDelete',
    reason: 'DeletionForbidden',
    unwritten: 'deletionCheck',
  },
  'a check of a member that is deleted by then': {
    estate: newDeletionEstate,
    staged: async (estate) => {
      const params = await member(estate);
      await askDeletion(estate, String(params.AccountId));
      return params;
    },
    changed: (estate) => settle(estate),
    action: 'CheckAccountDelete',
    reason: 'MemberUnknown',
    unwritten: 'deletionCheck',
  },
  'a deletion of a member that is being checked by then': {
    estate: newDeletionEstate,
    staged: member,
    changed: (estate, params) => directed(estate, estate.parent, 'CheckAccountDelete', params),
    action: 'DeleteAccount',
    reason: 'CheckRunning',
    unwritten: 'deletion',
  },
  'a baseline that is made in a directory that is destroyed by then': {
    staged: async () => ({}),
    changed: destroyed,
    action: 'CreateAccountFactoryBaseline',
    version: governance.version,
    reason: 'DirectoryUnknown',
    unwritten: 'baseline',
  },
};

it.each(Object.keys(cases))('is refused and leaves nothing: %s', async (name) => {
  const { action, changed, estate: newEstate = newDirectoryEstate, reason, ...one } = cases[name] ?? expect.fail();
  const estate = await newEstate();
  const params = await one.staged(estate);
  const call = [estate.parent, action, one.version ?? resourceManager, params] as const;
  const { body } = await callAround(estate, call, () => changed(estate, params));
  expect(body.Reason).toBe(reason);
  expect(await stored(estate, one.unwritten)).toEqual([]);
});

describe('what a call was decided by is so when it writes', () => {
  it('nobody ends a payment by an account that has left by then', async () => {
    const estate = await newDirectoryEstate();
    const payer = await cloudMember(estate, 'Payer');
    const { AccountId = '' } = await memberPaidBy(estate, payer);
    const call = [estate.parent, 'UpdatePayerForAccount', resourceDirectoryMaster, { AccountId }] as const;
    const { body } = await callAround(estate, call, () => payerLeaves(estate, { PayerAccountId: payer }));
    expect(body.Reason).toBe('PayerOutsideDirectory');
    expect(await stored(estate, 'relation')).toMatchObject([{ parentUid: payer, status: 'active' }]);
  });

  it('a creation is not confirmed with a payer that has left by then', async () => {
    const estate = await newDirectoryEstate();
    const payer = await cloudMember(estate, 'Payer');
    const { RecordId } = await asked(estate, { PayerAccountId: payer });
    const slow = slowed(estate, () => payerLeaves(estate, { PayerAccountId: payer }));
    const { status } = await submit(estate, tokenOf(estate.deps, RecordId), slow);
    expect(status).toBe(410);
    expect(await stored(estate, 'relation')).toEqual([]);
    expect(await stored(estate, 'accountRecord')).toMatchObject([{ status: 'failed' }]);
  });

  it.each(['UpdateAccountFactoryBaseline', 'DeleteAccountFactoryBaseline'])(
    '%s does nothing for a directory that is destroyed by then, nor for the next',
    async (action) => {
      const estate = await newDirectoryEstate();
      const params = { BaselineId: await baselined(estate) };
      const before = await stored(estate, 'baseline');
      const call = [estate.parent, action, governance.version, params] as const;
      const { body } = await callAround(estate, call, async () => {
        await destroyed(estate);
        await enabled(estate);
      });
      expect(body.Reason).toBe('BaselineUnknown');
      expect(await stored(estate, 'baseline')).toEqual(before);
    },
  );
});
