import { expect, it } from 'vitest';
import { directed, directInXml, directoryUnknown, newDirectoryEstate } from '#test/directory/calls.ts';
import { inMaster, master } from '#test/directory/master.ts';
import { serverRequestId } from '#test/support/refusals.ts';

const answer = { RequestId: serverRequestId, EnablementStatus: 'Enabled' };

it.each([directed, master])('control policies are enabled at once, and again is no change', async (called) => {
  const estate = await newDirectoryEstate();
  const { call, directoryId, operator, parent } = estate;
  expect(await called(estate, parent, 'EnableControlPolicy')).toStrictEqual(answer);
  expect(await called(estate, parent, 'EnableControlPolicy')).toStrictEqual(answer);
  const { ResourceDirectory } = await directed(estate, parent, 'GetResourceDirectory');
  expect(ResourceDirectory).toMatchObject({ ControlPolicyStatus: 'Enabled', ScpStatus: 'Enabled' });
  expect((await master(estate, parent, 'GetResourceDirectory')).ResourceDirectory.ControlPolicyStatus).toBe('Enabled');
  const { Events } = (await call(operator, 'ListEvents', { Subject: 'directory', SubjectId: directoryId })).body;
  expect(Events).toMatchObject([
    { Event: 'putSetting', Setting: 'controlPolicy', IsEnabled: true },
    { Event: 'enable' },
  ]);
});

it('a directory is destroyed all the same: providers of today do not disable them first', async () => {
  const estate = await newDirectoryEstate();
  await master(estate, estate.parent, 'EnableControlPolicy');
  await directed(estate, estate.parent, 'DestroyResourceDirectory');
});

it('who manages no directory has none to enable them in', async () => {
  const estate = await newDirectoryEstate();
  expect(await inMaster(estate, estate.child, 'EnableControlPolicy')).toStrictEqual(directoryUnknown);
});

it('its answer in XML has the status', async () => {
  const estate = await newDirectoryEstate();
  const xml = await directInXml(estate, estate.parent, 'EnableControlPolicy');
  expect(xml).toContain('</RequestId><EnablementStatus>Enabled</EnablementStatus></EnableControlPolicyResponse>');
});
