import { expect, it } from 'vitest';
import { created, directed, directoryUnknown, isInvalid, lacks, newDirectoryEstate } from '#test/directory/calls.ts';
import { inMaster, master, masterInXml } from '#test/directory/master.ts';
import { serverRequestId } from '#test/support/refusals.ts';

it('the switch is as it was put last, and is shown by the version that has it', async () => {
  const estate = await newDirectoryEstate();
  const { parent } = estate;
  const shown = async () => (await master(estate, parent, 'GetResourceDirectory')).ResourceDirectory;
  expect(await shown()).toMatchObject({ MemberAccountDisplayNameSyncStatus: 'Disabled' });
  for (const Status of ['Enabled', 'Enabled', 'Disabled']) {
    const body = await master(estate, parent, 'SetMemberDisplayNameSyncStatus', { Status });
    expect(body).toStrictEqual({ RequestId: serverRequestId, MemberAccountDisplayNameSyncStatus: Status });
    expect(await shown()).toMatchObject({ MemberAccountDisplayNameSyncStatus: Status });
  }
  expect((await directed(estate, parent, 'GetResourceDirectory')).ResourceDirectory).not.toHaveProperty(
    'MemberAccountDisplayNameSyncStatus',
  );
});

it('the name of an account stays as it is: an account has no other name to be shown', async () => {
  const estate = await newDirectoryEstate();
  await master(estate, estate.parent, 'SetMemberDisplayNameSyncStatus', { Status: 'Enabled' });
  const { AccountId, AccountName } = await created(estate, 'Dev');
  const { Account } = await directed(estate, estate.parent, 'GetAccount', { AccountId });
  expect(Account.AccountName).toBe(AccountName);
});

it('the status has to be one of two, and there has to be a directory', async () => {
  const estate = await newDirectoryEstate();
  const { child, parent } = estate;
  const set = (params: Record<string, string>, by = parent) =>
    inMaster(estate, by, 'SetMemberDisplayNameSyncStatus', params);
  expect(await set({})).toStrictEqual(lacks('Status'));
  const invalid = isInvalid('Status', 'Status', 'The specified Status is invalid.');
  expect(await set({ Status: 'enabled' })).toStrictEqual(invalid);
  expect(await set({ Status: 'Enabled' }, child)).toStrictEqual(directoryUnknown);
});

it('its answer in XML has the status', async () => {
  const estate = await newDirectoryEstate();
  const xml = await masterInXml(estate, estate.parent, 'SetMemberDisplayNameSyncStatus', { Status: 'Enabled' });
  expect(xml).toContain(
    '</RequestId><MemberAccountDisplayNameSyncStatus>Enabled</MemberAccountDisplayNameSyncStatus></SetMember',
  );
});
