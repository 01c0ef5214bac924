import { expect, it } from 'vitest';
import { newParties } from '#test/bss/parties.ts';
import {
  created,
  direct,
  directed,
  directInXml,
  directoryUnknown,
  isInvalid,
  lacks,
  newDirectoryEstate,
  signerOf,
} from '#test/directory/calls.ts';
import { refused, serverRequestId } from '#test/support/refusals.ts';

it('a directory permits that its members are deleted once it is told to, and until it is told not to', async () => {
  const estate = await newDirectoryEstate();
  const { directoryId, parent } = estate;
  for (const Status of ['Enabled', 'Enabled', 'Disabled', 'Disabled']) {
    expect(await directed(estate, parent, 'SetMemberDeletionPermission', { Status })).toStrictEqual({
      RequestId: serverRequestId,
      ResourceDirectoryId: directoryId,
      ManagementAccountId: String(parent.uid),
      MemberDeletionStatus: Status,
    });
    const { ResourceDirectory } = await directed(estate, parent, 'GetResourceDirectory');
    expect(ResourceDirectory.MemberDeletionStatus).toBe(Status);
  }
  const events = await estate.deps.ledger.ofSubject('directory', directoryId, 5);
  expect(events.map(({ event }) => event)).toEqual(['forbidDeletion', 'permitDeletion', 'enable']);
});

it('its answer in XML has the same fields', async () => {
  const estate = await newDirectoryEstate();
  const xml = await directInXml(estate, estate.parent, 'SetMemberDeletionPermission', { Status: 'Enabled' });
  expect(xml).toContain('<MemberDeletionStatus>Enabled</MemberDeletionStatus></SetMemberDeletionPermissionResponse>');
});

it('the status has to be one of the two', async () => {
  const estate = await newDirectoryEstate();
  const call = (params: Record<string, string>) => direct(estate, estate.parent, 'SetMemberDeletionPermission', params);
  expect(await call({})).toStrictEqual(lacks('Status'));
  const invalid = isInvalid('Status', 'Status', 'The specified Status is invalid.');
  for (const Status of ['enabled', 'On']) expect(await call({ Status })).toStrictEqual(invalid);
});

it('a member is denied it, and an account of no directory has none', async () => {
  const estate = await newDirectoryEstate();
  const member = await signerOf(estate, (await created(estate, 'Dev')).AccountId);
  const params = { Status: 'Enabled' };
  expect(await direct(estate, member, 'SetMemberDeletionPermission', params)).toStrictEqual(
    refused(
      'CallerIsMember',
      'MemberAccountAccessDenied',
      'The member account is not allowed to perform the operation.',
      403,
    ),
  );
  const others = await newParties();
  expect(await direct(others, others.parent, 'SetMemberDeletionPermission', params)).toStrictEqual(directoryUnknown);
});
