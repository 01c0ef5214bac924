import { expect, it } from 'vitest';
import { newParties } from '#test/bss/parties.ts';
import { directed, newDirectoryEstate } from '#test/directory/calls.ts';
import {
  baselined,
  baselineOf,
  baselineUnknown,
  govern,
  governed,
  notManagement,
  passwordPolicy,
  securityPreference,
  unverified,
} from '#test/governance/calls.ts';
import { serverRequestId } from '#test/support/refusals.ts';

const action = 'GetAccountFactoryBaseline';
const startTime = '2025-03-02T15:12:34Z';

it('the system baseline is there from the start, and sets what an account has anyway', async () => {
  const estate = await newDirectoryEstate();
  const answer = await governed(estate, estate.parent, action);
  expect(answer).toStrictEqual({
    RequestId: serverRequestId,
    BaselineId: expect.stringMatching(/^afb-bp1[a-z\d]{17}$/),
    BaselineName: 'Default',
    Description: 'Default baseline',
    Type: 'System',
    CreateTime: startTime,
    UpdateTime: startTime,
    BaselineItems: [
      {
        Name: passwordPolicy,
        Version: '1.0',
        Config:
          '{"MinimumPasswordLength":8,"RequireLowercaseCharacters":false,"RequireUppercaseCharacters":false,"RequireNumbers":false,"RequireSymbols":false,"MaxPasswordAge":0,"HardExpiry":false,"PasswordReusePrevention":0,"MaxLoginAttempts":0}',
      },
      {
        Name: securityPreference,
        Version: '1.0',
        Config:
          '{"LoginNetworkMasks":"","EnableSaveMfaTicket":false,"AllowUserToChangePassword":true,"AllowUserToManageAccessKeys":false,"AllowUserToManageMfaDevices":true,"EnforceMfaForLogin":false,"LoginSessionDuration":6}',
      },
    ],
  });
});

it('the system baseline is known by its id, by an empty one and by none', async () => {
  const estate = await newDirectoryEstate();
  const system = await baselineOf(estate);
  expect(await baselineOf(estate, '')).toEqual(system);
  estate.advance(1000);
  expect(await baselineOf(estate, system.BaselineId)).toEqual(system);
});

it('directories have different system baselines, and none sees those of another', async () => {
  const estate = await newDirectoryEstate();
  const { child } = estate;
  await directed(estate, child, 'InitResourceDirectory');
  const own = await baselined(estate);
  const { BaselineId: system } = await baselineOf(estate);
  const others = await governed(estate, child, action);
  expect(others.BaselineId).not.toBe(system);
  for (const BaselineId of [own, system, 'afb-1', 'x']) {
    expect(await govern(estate, child, action, { BaselineId }), BaselineId).toStrictEqual(baselineUnknown);
  }
});

it('a directory that follows a destroyed one has none of its baselines', async () => {
  const estate = await newDirectoryEstate();
  const { parent } = estate;
  const own = await baselined(estate);
  const system = await baselineOf(estate);
  await governed(estate, parent, 'UpdateAccountFactoryBaseline', {
    BaselineId: system.BaselineId,
    BaselineName: 'Old',
  });
  await directed(estate, parent, 'DestroyResourceDirectory');
  expect(await govern(estate, parent, action, { BaselineId: own })).toStrictEqual(notManagement);
  await directed(estate, parent, 'InitResourceDirectory');
  expect(await baselineOf(estate)).toMatchObject({ BaselineName: 'Default', Type: 'System' });
  for (const BaselineId of [own, system.BaselineId]) {
    expect(await govern(estate, parent, action, { BaselineId })).toStrictEqual(baselineUnknown);
  }
  const { Baselines } = await governed(estate, parent, 'ListAccountFactoryBaselines');
  expect(Baselines).toMatchObject([{ Type: 'System' }]);
});

it('an account that may not ask is told so, and never that something is gone', async () => {
  const estate = await newParties();
  expect(await govern(estate, estate.parent, action)).toStrictEqual(notManagement);
  expect(await govern(estate, await estate.account(''), action)).toStrictEqual(unverified);
});
