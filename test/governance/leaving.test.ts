import { describe, expect, it } from 'vitest';
import { created, type DirectoryEstate, directed, newDirectoryEstate } from '#test/directory/calls.ts';
import {
  askDeletion,
  checked,
  newDeletionEstate,
  settle as settleDeletions,
  statusNow,
} from '#test/directory/deletions.ts';
import { cloudMember } from '#test/directory/members.ts';
import { baselined, flat, govern } from '#test/governance/calls.ts';
import { enrolled, enrolment, handedOver, newAccount, nineItems, settle } from '#test/governance/enrolling.ts';
import { allRows } from '#test/workers/overdue.ts';

/** Expects that nothing is left of an account's enrolment, that its baseline can be deleted, and that its domain is free. */
async function expectForgotten(estate: DirectoryEstate, uid: number, BaselineId: string): Promise<void> {
  const { parent } = estate;
  const rows = (await allRows(estate)).filter(({ pk }) => /^(?:ENROLMENT|CLAIM)#/.test(String(pk)));
  expect(rows).toEqual([]);
  const { body } = await govern(estate, parent, 'GetEnrolledAccount', { AccountUid: uid });
  expect(body.Code).toBe('InvalidBlueprint.NotFound');
  expect((await govern(estate, parent, 'ListEnrolledAccounts')).body.EnrolledAccounts).toEqual([]);
  expect((await govern(estate, parent, 'DeleteAccountFactoryBaseline', { BaselineId })).status).toBe(200);
  const next = await enrolled(estate, { ...newAccount('next'), ...flat(nineItems()) });
  await settle(estate);
  expect((await enrolment(estate, next)).Status).toBe('Finished');
}

describe('a member that is deleted', () => {
  it('takes its enrolment with it', async () => {
    const estate = await newDeletionEstate();
    const BaselineId = await baselined(estate, flat(nineItems()));
    const uid = await enrolled(estate, { ...newAccount('dev'), BaselineId });
    await settle(estate);
    await askDeletion(estate, uid);
    await settleDeletions(estate);
    expect((await statusNow(estate, uid)).Status).toBe('Success');
    await expectForgotten(estate, uid, BaselineId);
  });

  it('is not deleted while it is enrolled, which is told, and is once that is over', async () => {
    const estate = await newDeletionEstate();
    const uid = await enrolled(estate);
    const reason = {
      CheckId: 'NON_SP_enrolment',
      CheckName: 'Account factory',
      Description: 'A baseline is being applied to the account. Wait until that is finished or has failed.',
    };
    expect(await checked(estate, uid)).toMatchObject({ AllowDelete: 'false', NotAllowReason: [reason] });
    await askDeletion(estate, uid);
    await settleDeletions(estate);
    expect(await statusNow(estate, uid)).toMatchObject({
      Status: 'CheckFailed',
      FailReasonList: [{ Name: reason.CheckName, Description: reason.Description }],
    });
    await settle(estate);
    expect(await checked(estate, uid)).toMatchObject({ AllowDelete: 'true' });
  });

  it('is not deleted while somebody else applies an item to it, unless nobody has reported in time', async () => {
    const estate = await newDeletionEstate();
    const uid = await handedOver(estate);
    expect(await checked(estate, uid)).toMatchObject({ AllowDelete: 'false' });
    estate.advance(30 * 60 * 1000);
    expect(await checked(estate, uid)).toMatchObject({ AllowDelete: 'true' });
  });

  it.each([0, 1, 2])('and enrolled beside step %i of its deletion is either the one or the other', async (most) => {
    const estate = await newDeletionEstate();
    const seen = new Set<string>();
    for (let round = 0; round < 6; round++) {
      const { AccountId } = await created(estate, `Dev ${round}`);
      await askDeletion(estate, AccountId);
      await settleDeletions(estate, { most });
      const [answer] = await Promise.all([
        govern(estate, estate.parent, 'EnrollAccount', { AccountUid: AccountId }),
        settleDeletions(estate),
      ]);
      await Promise.all([settle(estate), settleDeletions(estate)]);
      const { Status } = await statusNow(estate, AccountId);
      seen.add(`${answer.status === 200 ? 'enrolled' : answer.body.Code} ${Status}`);
      const rows = (await allRows(estate)).filter(({ pk }) => pk === `ENROLMENT#${AccountId}`);
      if (Status === 'Success') expect(rows).toEqual([]);
      else expect((await enrolment(estate, Number(AccountId))).Status).toMatch(/^(?:Finished|Failed)$/);
    }
    for (const one of seen) {
      expect([
        'enrolled CheckFailed',
        'enrolled Success',
        'IncorrectBlueprintStatus Success',
        'InvalidUser.NotFound Success',
      ]).toContain(one);
    }
  });
});

describe('a cloud account that is removed', () => {
  it('takes its enrolment with it, in whatever status that is', async () => {
    const estate = await newDirectoryEstate();
    const BaselineId = await baselined(estate, flat(nineItems()));
    const uid = await cloudMember(estate, 'Dev');
    await enrolled(estate, { AccountUid: uid, BaselineId: await baselined(estate) });
    await settle(estate);
    await enrolled(estate, { AccountUid: uid, BaselineId });
    // The account still counts under its first baseline, too.
    await directed(estate, estate.parent, 'RemoveCloudAccount', { AccountId: uid });
    await expectForgotten(estate, uid, BaselineId);
  });

  it('and enrolled at once leaves no enrolment behind', async () => {
    const estate = await newDirectoryEstate();
    for (let round = 0; round < 8; round++) {
      const AccountUid = await cloudMember(estate, `Dev ${round}`);
      const [answer, removed] = await Promise.all([
        govern(estate, estate.parent, 'EnrollAccount', { AccountUid }),
        directed(estate, estate.parent, 'RemoveCloudAccount', { AccountId: AccountUid }),
        settle(estate),
      ]);
      expect([200, 404]).toContain(answer.status);
      expect(removed).toBeDefined();
      await settle(estate);
      const rows = (await allRows(estate)).filter(({ pk }) => pk === `ENROLMENT#${AccountUid}`);
      expect(rows).toEqual([]);
    }
  });
});
