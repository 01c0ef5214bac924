import { expect, it } from 'vitest';
import { Refusal } from '#lib/errors.ts';
import { comeUnder, leaveFrom } from '#lib/store/governance/usage.ts';
import { commit } from '#lib/table/commit.ts';
import { newParties } from '#test/bss/parties.ts';
import { newDirectoryEstate } from '#test/directory/calls.ts';
import {
  baselined,
  baselineOf,
  baselineUnknown,
  govern,
  governed,
  isInvalid,
  notManagement,
  unverified,
} from '#test/governance/calls.ts';
import { serverRequestId } from '#test/support/refusals.ts';

const action = 'DeleteAccountFactoryBaseline';
/** Several of them are counted by the same row. */
const uids = [1, 2, 9, 17, 24].map((n) => 1_600_000_000_000_000 + n);

it('a deleted baseline is gone, with all its rows but the records, and is not deleted twice', async () => {
  const estate = await newDirectoryEstate();
  const { parent } = estate;
  const rows = async () => (await estate.dump()).filter(({ type }) => type === 'baseline' || type === 'seats');
  const before = await rows();
  const BaselineId = await baselined(estate, { BaselineName: 'Team A' });
  expect(await governed(estate, parent, action, { BaselineId })).toStrictEqual({ RequestId: serverRequestId });
  expect(await rows()).toEqual(before);
  expect(await govern(estate, parent, 'GetAccountFactoryBaseline', { BaselineId })).toStrictEqual(baselineUnknown);
  expect(await govern(estate, parent, action, { BaselineId })).toStrictEqual(baselineUnknown);
});

it('a baseline stays as long as an account is enrolled under it', async () => {
  const estate = await newDirectoryEstate();
  const { deps, parent } = estate;
  const BaselineId = await baselined(estate);
  await commit(deps.table, comeUnder(BaselineId, uids));
  const call = () => govern(estate, parent, action, { BaselineId });
  expect(await call()).toStrictEqual(isInvalid('BaselineId', 'BaselineInUse'));
  await commit(deps.table, leaveFrom(BaselineId, uids.slice(1)));
  expect(await call()).toStrictEqual(isInvalid('BaselineId', 'BaselineInUse'));
  await commit(deps.table, leaveFrom(BaselineId, uids.slice(0, 1)));
  expect((await call()).status).toBe(200);
  await expect(commit(deps.table, comeUnder(BaselineId, uids))).rejects.toEqual(new Refusal('BaselineUnknown', {}));
});

it('the system baseline is never deleted, whether it was updated or not', async () => {
  const estate = await newDirectoryEstate();
  const { parent } = estate;
  const { BaselineId } = await baselineOf(estate);
  const refusal = isInvalid('BaselineId', 'BaselineIsSystem');
  expect(await govern(estate, parent, action, { BaselineId })).toStrictEqual(refusal);
  await governed(estate, parent, 'UpdateAccountFactoryBaseline', { BaselineId, BaselineName: 'Ours' });
  expect(await govern(estate, parent, action, { BaselineId })).toStrictEqual(refusal);
});

it('a baseline has to be named', async () => {
  const estate = await newDirectoryEstate();
  expect(await govern(estate, estate.parent, action)).toStrictEqual(isInvalid('BaselineId'));
});

it('only the management account of a directory deletes baselines, and only if it is verified', async () => {
  const estate = await newParties();
  const params = { BaselineId: 'afb-1' };
  expect(await govern(estate, estate.parent, action, params)).toStrictEqual(notManagement);
  expect(await govern(estate, await estate.account(''), action, params)).toStrictEqual(unverified);
});
