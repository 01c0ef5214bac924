import { expect, it } from 'vitest';
import { newParties, START_MS } from '#test/bss/parties.ts';
import { created, direct, directed, newDirectoryEstate, signerOf } from '#test/directory/calls.ts';
import { refused, serverRequestId } from '#test/support/refusals.ts';

it('the management account and its members see the same directory', async () => {
  const estate = await newDirectoryEstate();
  const { directoryId, parent, rootFolderId } = estate;
  const member = await signerOf(estate, (await created(estate, 'Dev')).AccountId);
  estate.advance(1000);
  const body = await directed(estate, parent, 'GetResourceDirectory');
  expect(body).toStrictEqual({
    RequestId: serverRequestId,
    ResourceDirectory: {
      ResourceDirectoryId: directoryId,
      MasterAccountId: String(parent.uid),
      MasterAccountName: `login${parent.uid}@test`,
      RootFolderId: rootFolderId,
      CreateTime: new Date(START_MS).toISOString(),
      ScpStatus: 'Disabled',
      ControlPolicyStatus: 'Disabled',
      MemberDeletionStatus: 'Disabled',
      IdentityInformation: 'Acme',
    },
  });
  const ofMember = await directed(estate, member, 'GetResourceDirectory');
  expect(ofMember.ResourceDirectory).toStrictEqual(body.ResourceDirectory);
});

it('to whoever is in no directory there is none', async () => {
  const estate = await newParties();
  expect(await direct(estate, estate.parent, 'GetResourceDirectory')).toStrictEqual(
    refused(
      'NotInDirectory',
      'ResourceDirectoryNotInUse',
      'The specified account is not an Alibaba Cloud account or a member account of the resource directory.',
      404,
    ),
  );
});
