import { expect, it } from 'vitest';
import { governance } from '#lib/products/governance/product.ts';
import { newParties, START_MS } from '#test/bss/parties.ts';
import { directInXml, newDirectoryEstate } from '#test/directory/calls.ts';
import {
  baselined,
  baselineOf,
  contacts,
  flat,
  govern,
  governed,
  isInvalid,
  itemUnknown,
  notManagement,
  passwordPolicy,
  securityPreference,
  services,
  unverified,
} from '#test/governance/calls.ts';
import type { Params } from '#test/support/estate.ts';
import { serverRequestId } from '#test/support/refusals.ts';

const action = 'CreateAccountFactoryBaseline';
/** 2025-03-02T15:12:34.567Z, without its fraction. */
const startTime = '2025-03-02T15:12:34Z';

it('a baseline with nothing but a name is one without items', async () => {
  const estate = await newDirectoryEstate();
  const answer = await governed(estate, estate.parent, action, { BaselineName: 'Default' });
  expect(answer).toStrictEqual({
    RequestId: serverRequestId,
    BaselineId: expect.stringMatching(/^afb-bp1[a-z\d]{17}$/),
  });
  expect(await baselineOf(estate, answer.BaselineId)).toStrictEqual({
    BaselineId: answer.BaselineId,
    BaselineName: 'Default',
    Description: '',
    Type: 'Custom',
    CreateTime: startTime,
    UpdateTime: startTime,
    BaselineItems: [],
  });
  expect(new Date(START_MS).toISOString()).toContain(startTime.slice(0, -1));
});

it('items are read back in their order, and each configuration byte for byte', async () => {
  const estate = await newDirectoryEstate();
  const sent = [
    { Name: services, Version: '1.0', Config: '{\n\t"EnabledServices" : ["KMS",  "CMS"]\r\n}' },
    { Name: passwordPolicy, Config: '{"RequireSymbols":true,"MinimumPasswordLength":8, "HardExpiry":false}' },
    { Name: contacts },
  ];
  const BaselineId = await baselined(estate, flat(sent));
  const { BaselineItems } = await baselineOf(estate, BaselineId);
  expect(BaselineItems).toStrictEqual(sent.map((item) => ({ ...item, Version: '1.0' })));
  const xml = await directInXml(estate, estate.parent, 'GetAccountFactoryBaseline', { BaselineId }, governance.version);
  expect(xml).toContain('<Config>{\n\t"EnabledServices" : ["KMS",  "CMS"]&#13;\n}</Config>');
});

it('an index may be missing, and an empty field is one that is not there', async () => {
  const estate = await newDirectoryEstate();
  const BaselineId = await baselined(estate, {
    'BaselineItems.2.Name': services,
    'BaselineItems.2.Version': '',
    'BaselineItems.2.Config': '',
    'BaselineItems.7.Name': contacts,
  });
  expect((await baselineOf(estate, BaselineId)).BaselineItems).toStrictEqual([
    { Name: services, Version: '1.0' },
    { Name: contacts, Version: '1.0' },
  ]);
});

it('the list may also come as one JSON text', async () => {
  const estate = await newDirectoryEstate();
  const BaselineItems = JSON.stringify([{ Name: services, Config: '{}' }]);
  const BaselineId = await baselined(estate, { BaselineItems });
  expect((await baselineOf(estate, BaselineId)).BaselineItems).toStrictEqual([
    { Name: services, Version: '1.0', Config: '{}' },
  ]);
});

it('names as long as those that clients are tested with are taken, and may be the same', async () => {
  const estate = await newDirectoryEstate();
  const params = { BaselineName: `tf-testacc_${'x'.repeat(40)}`, Description: 'y'.repeat(1024) };
  const [one, other] = [await baselined(estate, params), await baselined(estate, params)];
  expect(one).not.toBe(other);
  expect(await baselineOf(estate, one)).toMatchObject(params);
});

it('an item that is not in the catalogue is refused by its name, and so is one in an unknown version', async () => {
  const estate = await newDirectoryEstate();
  const call = (params: Params) => govern(estate, estate.parent, action, params);
  expect(await call(flat([{ Name: services }, { Name: 'NOPE' }]))).toStrictEqual(itemUnknown('NOPE'));
  expect(await call(flat([{ Name: services, Version: '1.1' }]))).toStrictEqual(itemUnknown(services));
});

it('a configuration that is no JSON object of its item is refused, and nothing is made', async () => {
  const estate = await newDirectoryEstate();
  const before = await estate.dump();
  const call = (Config: string) => govern(estate, estate.parent, action, flat([{ Name: passwordPolicy, Config }]));
  for (const config of ['x', '[]', '"{}"', 'null', '{"MinimumPasswordLength":7}', '{"RequireSymbols":"yes"}']) {
    expect(await call(config), config).toStrictEqual(isInvalid('Config'));
  }
  expect(await call(`{"Note":"${'x'.repeat(32_768)}"}`)).toStrictEqual(isInvalid('Config'));
  expect(await call('{"Note":"\u0001"}')).toStrictEqual(isInvalid('Config'));
  expect(await estate.dump()).toEqual(before);
});

it('a list that has an item twice, is too long or no list is refused', async () => {
  const estate = await newDirectoryEstate();
  const call = (params: Params) => govern(estate, estate.parent, action, params);
  expect(await call(flat([{ Name: services }, { Name: services }]))).toStrictEqual(isInvalid('BaselineItems'));
  expect(await call({ BaselineItems: 'x' })).toStrictEqual(isInvalid('BaselineItems'));
  expect(await call({ BaselineItems: '{}' })).toStrictEqual(isInvalid('BaselineItems'));
  const many = JSON.stringify(Array.from({ length: 51 }, () => ({ Name: services })));
  expect(await call({ BaselineItems: many })).toStrictEqual(isInvalid('BaselineItems'));
  const large = [services, contacts, passwordPolicy, securityPreference].map((Name) => ({
    Name,
    Config: `{"Note":"${'x'.repeat(30_000)}"}`,
  }));
  expect(await call(flat(large))).toStrictEqual(isInvalid('BaselineItems'));
  expect((await call(flat(large.slice(1)))).status).toBe(200);
  const nested = `[{"Name":"${services}","Note":${'['.repeat(9000)}${']'.repeat(9000)}}]`;
  expect((await call({ BaselineItems: nested })).status).toBe(200);
  expect(await call({ 'BaselineItems.1.Version': '1.0' })).toStrictEqual(isInvalid('Name'));
  expect(await call({ BaselineName: 'x'.repeat(129) })).toStrictEqual(isInvalid('BaselineName'));
});

it('only the management account of a directory makes baselines, and only if it is verified', async () => {
  const estate = await newParties();
  expect(await govern(estate, estate.parent, action)).toStrictEqual(notManagement);
  expect(await govern(estate, await estate.account(''), action)).toStrictEqual(unverified);
});

it('who made which baseline is in the events of the directory', async () => {
  const estate = await newDirectoryEstate();
  const { call, directoryId, operator } = estate;
  const BaselineId = await baselined(estate, { BaselineName: 'Team A' });
  const { body } = await call(operator, 'ListEvents', { Subject: 'directory', SubjectId: directoryId });
  expect(body.Events[0]).toMatchObject({ Event: 'createBaseline', BaselineId, BaselineName: 'Team A' });
});
