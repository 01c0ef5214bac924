import { expect, test } from 'vitest';
import { isLoaded, loadDemoEstate } from '#infra/local/demoEstate.ts';
import { findAccessKey, issue, revoke } from '#lib/store/accessKeys.ts';
import { register } from '#lib/store/accounts.ts';
import { commit } from '#lib/table/commit.ts';
import { newEstate } from '#test/support/estate.ts';

const PARENT_UID = 1738376485192612;

test('an empty table has the whole demo estate after it is loaded, and loading it again changes nothing', async () => {
  const { deps, dump } = await newEstate();
  expect(await isLoaded(deps)).toBe(false);
  await loadDemoEstate(deps);
  expect(await isLoaded(deps)).toBe(true);
  expect(await deps.accounts.list(10, 0)).toHaveLength(5);
  const loaded = await dump();
  await loadDemoEstate(deps);
  expect(await dump()).toEqual(loaded);
});

test('an estate of an earlier version gets the accounts it lacks, and what it has stays as it was', async () => {
  const { deps, dump } = await newEstate();
  const account = { uid: PARENT_UID, name: 'mine', legalName: 'Mine Ltd.', createdAtMs: 1 };
  await commit(deps.table, register(account, 'given'));
  const key = { keyId: 'TRIBDEMOPARENT', uid: PARENT_UID, active: true, createdAtMs: 1 };
  await commit(deps.table, issue(key));
  await commit(deps.table, revoke(key));
  await commit(deps.table, issue({ keyId: 'TRIBDEMOOPERATOR', active: true, createdAtMs: 1 }));
  const before = await dump();
  await loadDemoEstate(deps);
  expect(await dump()).toEqual(expect.arrayContaining(before));
  expect(await deps.accounts.list(10, 0)).toHaveLength(5);
  expect(await findAccessKey(deps.table, 'TRIBDEMOSUB')).toMatchObject({ active: true });
});

test('the pair for typed SDKs has uids of ten digits that fit 32 bits, and two legal names', async () => {
  const { deps } = await newEstate();
  await loadDemoEstate(deps);
  const [one, other, ...more] = (await deps.accounts.list(10, 0)).filter(({ uid }) => uid < 2 ** 31);
  expect(more).toEqual([]);
  expect([one, other].map((account) => String(account?.uid))).toEqual(Array(2).fill(expect.stringMatching(/^\d{10}$/)));
  expect(one?.legalName).not.toBe(other?.legalName);
});
