import { expect, it } from 'vitest';
import { directed, directInXml, directoryUnknown, newDirectoryEstate } from '#test/directory/calls.ts';
import { inMaster, master } from '#test/directory/master.ts';
import { serverRequestId } from '#test/support/refusals.ts';

it.each([directed, master])('control policies are disabled at once, and again is no change', async (called) => {
  const estate = await newDirectoryEstate();
  const { parent } = estate;
  await called(estate, parent, 'EnableControlPolicy');
  const answer = { RequestId: serverRequestId, EnablementStatus: 'Disabled' };
  expect(await called(estate, parent, 'DisableControlPolicy')).toStrictEqual(answer);
  expect(await called(estate, parent, 'DisableControlPolicy')).toStrictEqual(answer);
  const { ResourceDirectory } = await directed(estate, parent, 'GetResourceDirectory');
  expect(ResourceDirectory).toMatchObject({ ControlPolicyStatus: 'Disabled', ScpStatus: 'Disabled' });
});

it('who manages no directory has none to disable them in', async () => {
  const estate = await newDirectoryEstate();
  expect(await inMaster(estate, estate.child, 'DisableControlPolicy')).toStrictEqual(directoryUnknown);
});

it('its answer in XML has the status', async () => {
  const estate = await newDirectoryEstate();
  const xml = await directInXml(estate, estate.parent, 'DisableControlPolicy');
  expect(xml).toContain('</RequestId><EnablementStatus>Disabled</EnablementStatus></DisableControlPolicyResponse>');
});
