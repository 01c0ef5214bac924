import { expect, it } from 'vitest';
import { START_MS } from '#test/bss/parties.ts';
import { newDirectoryEstate, nobody } from '#test/directory/calls.ts';
import { baselined, flat, roles, services } from '#test/governance/calls.ts';
import { configurationOf, enrolled, newAccount, settle } from '#test/governance/enrolling.ts';
import { invalid, serverRequestId } from '#test/support/refusals.ts';

const action = 'DescribeAccountConfiguration';

it('what items have left on an account is shown with the version and the time of each', async () => {
  const estate = await newDirectoryEstate();
  const { call, operator } = estate;
  const BaselineId = await baselined(estate, flat([{ Name: services, Config: '{"EnabledServices":["KMS"]}' }]));
  const Uid = await enrolled(estate, { ...newAccount('dev'), BaselineId });
  const empty = { RequestId: serverRequestId, Uid, BaselineId, Items: [] };
  expect((await call(operator, action, { Uid })).body).toStrictEqual(empty);
  await settle(estate);
  const item = {
    Name: services,
    Version: '1.0',
    Configuration: '{"EnabledServices":["KMS"],"EnabledServiceConfigurations":[]}',
    ApplyTime: new Date(START_MS).toISOString(),
  };
  expect((await call(operator, action, { Uid })).body).toEqual({ ...empty, Items: [item] });
});

it('what a later enrolment does not name stays, and is added to', async () => {
  const estate = await newDirectoryEstate();
  const role = (Name: string) => flat([{ Name: roles, Config: JSON.stringify({ EnableRoles: [{ Name }] }) }]);
  const uid = await enrolled(estate, { ...newAccount('dev'), ...role('audit') });
  await settle(estate);
  await enrolled(estate, { AccountUid: uid, ...role('backup') });
  await settle(estate);
  const { [roles]: left } = await configurationOf(estate, uid);
  expect(left).toMatchObject({ Roles: [{ Name: 'audit' }, { Name: 'backup' }], TrustedUid: estate.parent.uid });
});

it('an account that is not enrolled has none', async () => {
  const { call, operator } = await newDirectoryEstate();
  const expected = 'Specified parameter Uid is not valid: the account is not enrolled.';
  const answer = await call(operator, action, { Uid: nobody });
  expect(answer).toStrictEqual(invalid('BlueprintUnknown', expected));
});
