import { expect, it } from 'vitest';
import { governance } from '#lib/products/governance/product.ts';
import { newParties } from '#test/bss/parties.ts';
import { newDirectoryEstate } from '#test/directory/calls.ts';
import {
  baselined,
  baselineOf,
  baselineUnknown,
  contacts,
  flat,
  govern,
  governed,
  isInvalid,
  itemUnknown,
  notManagement,
  passwordPolicy,
  services,
  unverified,
} from '#test/governance/calls.ts';
import { type Params, queryOf } from '#test/support/estate.ts';
import { signedRequest } from '#test/support/everyOperation.ts';
import { serverRequestId } from '#test/support/refusals.ts';

const action = 'UpdateAccountFactoryBaseline';

/** A baseline of the parent's directory, and a call that updates it. */
async function stagedBaseline(params: Params) {
  const estate = await newDirectoryEstate();
  const BaselineId = await baselined(estate, params);
  const update = (changes: Params) => governed(estate, estate.parent, action, { BaselineId, ...changes });
  const refusedFor = (changes: Params) => govern(estate, estate.parent, action, { BaselineId, ...changes });
  return { estate, BaselineId, update, refusedFor, read: () => baselineOf(estate, BaselineId) };
}

const full = { BaselineName: 'Team A', Description: 'Of team A', ...flat([{ Name: services }, { Name: contacts }]) };

it('what is not sent stays as it is, and the time of the update moves alone', async () => {
  const { estate, read, update } = await stagedBaseline(full);
  const before = await read();
  estate.advance(1000);
  expect(await update({ BaselineName: 'Team B' })).toStrictEqual({ RequestId: serverRequestId });
  expect(await read()).toStrictEqual({ ...before, BaselineName: 'Team B', UpdateTime: '2025-03-02T15:12:35Z' });
  await update({ Description: 'Of team B' });
  expect(await read()).toMatchObject({ BaselineName: 'Team B', Description: 'Of team B' });
  expect((await read()).BaselineItems).toEqual(before.BaselineItems);
});

it.each([
  ['query', undefined],
  ['form', 'application/x-www-form-urlencoded'],
  ['JSON body', 'application/json'],
])('an empty text clears, in the %s', async (_, contentType) => {
  const { BaselineId, estate, read } = await stagedBaseline(full);
  const clear = async (name: string) => {
    const params = { BaselineId, [name]: '' };
    const body = contentType === 'application/json' ? JSON.stringify(params) : queryOf(params);
    const wire = contentType === undefined ? { query: queryOf(params) } : { body, contentType };
    const { version } = governance;
    const { status } = await estate.send(...signedRequest(estate.parent, { action, version, ...wire }));
    expect(status).toBe(200);
  };
  await clear('Description');
  expect(await read()).toMatchObject({ BaselineName: 'Team A', Description: '' });
  await clear('BaselineName');
  expect(await read()).toMatchObject({ BaselineName: '', Description: '' });
  expect((await read()).BaselineItems).toHaveLength(2);
});

it('where an empty text says nothing, it counts as not sent', async () => {
  const { read, update } = await stagedBaseline(full);
  await update({ BaselineItems: '' });
  expect((await read()).BaselineItems).toHaveLength(2);
});

it('items that are sent replace all that were there', async () => {
  const { read, update } = await stagedBaseline({ BaselineName: 'Team A' });
  const policy = { Name: passwordPolicy, Version: '1.0', Config: '{"RequireNumbers":true}' };
  await update(flat([policy]));
  expect((await read()).BaselineItems).toStrictEqual([policy]);
  const three = [{ Name: services }, policy, { Name: contacts }].map((item) => ({ Version: '1.0', ...item }));
  await update(flat(three));
  expect((await read()).BaselineItems).toEqual(three);
  await update(flat([policy]));
  expect((await read()).BaselineItems).toStrictEqual([policy]);
  await update({ BaselineItems: '[]' });
  expect((await read()).BaselineItems).toEqual([]);
});

it('the system baseline is updated like any other, and keeps its id, its type and the time it was made', async () => {
  const estate = await newDirectoryEstate();
  const { advance, parent } = estate;
  const before = await baselineOf(estate);
  for (const BaselineName of ['One', 'Other']) {
    advance(1000);
    await governed(estate, parent, action, { BaselineId: before.BaselineId, BaselineName });
  }
  const after = { ...before, BaselineName: 'Other', UpdateTime: '2025-03-02T15:12:36Z' };
  expect(await baselineOf(estate)).toStrictEqual(after);
  expect(await baselineOf(estate, before.BaselineId)).toStrictEqual(after);
});

it('nothing of an update is done if an item of it is refused', async () => {
  const { read, refusedFor } = await stagedBaseline(full);
  const before = await read();
  const changes = { BaselineName: 'Other', ...flat([{ Name: 'NOPE' }]) };
  expect(await refusedFor(changes)).toStrictEqual(itemUnknown('NOPE'));
  const config = { BaselineName: 'Other', ...flat([{ Name: services, Config: '[]' }]) };
  expect(await refusedFor(config)).toStrictEqual(isInvalid('Config'));
  expect(await read()).toStrictEqual(before);
});

it('a baseline that is not named or not there is not updated', async () => {
  const { refusedFor } = await stagedBaseline(full);
  expect(await refusedFor({ BaselineId: '' })).toStrictEqual(isInvalid('BaselineId'));
  expect(await refusedFor({ BaselineId: undefined })).toStrictEqual(isInvalid('BaselineId'));
  expect(await refusedFor({ BaselineId: 'afb-bp1durvn3lgqe28v0001' })).toStrictEqual(baselineUnknown);
});

it('only the management account of a directory updates baselines, and only if it is verified', async () => {
  const estate = await newParties();
  const params = { BaselineId: 'afb-1' };
  expect(await govern(estate, estate.parent, action, params)).toStrictEqual(notManagement);
  expect(await govern(estate, await estate.account(''), action, params)).toStrictEqual(unverified);
});
