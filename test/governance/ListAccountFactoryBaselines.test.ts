import { expect, it } from 'vitest';
import { newParties } from '#test/bss/parties.ts';
import { type DirectoryEstate, newDirectoryEstate } from '#test/directory/calls.ts';
import {
  baselined,
  baselineOf,
  govern,
  governed,
  isInvalid,
  notManagement,
  unverified,
} from '#test/governance/calls.ts';
import { serverRequestId } from '#test/support/refusals.ts';

const action = 'ListAccountFactoryBaselines';

interface Listed {
  readonly BaselineId: string;
}

/** Makes so many baselines, each a millisecond after the one before, and answers their ids, oldest first. */
async function several(estate: DirectoryEstate, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let made = 0; made < count; made++) {
    estate.advance(1);
    ids.push(await baselined(estate, { BaselineName: `Baseline ${made}` }));
  }
  return ids;
}

/** All pages of the list, as ids. `between` happens after each page. */
async function pages(
  estate: DirectoryEstate,
  MaxResults: number,
  between?: () => Promise<unknown>,
): Promise<string[][]> {
  const found: string[][] = [];
  let NextToken: string | undefined;
  do {
    const body = await governed(estate, estate.parent, action, { MaxResults, NextToken });
    found.push(body.Baselines.map(({ BaselineId }: Listed) => BaselineId));
    NextToken = body.NextToken;
    await between?.();
  } while (NextToken !== undefined);
  return found;
}

it('the system baseline is first, then the newest, so that the first page has what was made a moment ago', async () => {
  const estate = await newDirectoryEstate();
  const { BaselineItems: _, ...system } = await baselineOf(estate);
  const ids = await several(estate, 12);
  const body = await governed(estate, estate.parent, action);
  expect(Object.keys(body)).toEqual(['RequestId', 'Baselines', 'NextToken']);
  expect(body.Baselines[0]).toStrictEqual(system);
  expect(body.Baselines).toHaveLength(10);
  const { BaselineItems: __, ...newest } = await baselineOf(estate, ids.at(-1));
  expect(body.Baselines[1]).toStrictEqual(newest);
});

it.each([1, 4, 6, 7, 100])('pages of %i follow each other without gap or repetition', async (MaxResults) => {
  const estate = await newDirectoryEstate();
  const { BaselineId: system } = await baselineOf(estate);
  const ids = await several(estate, 6);
  const found = await pages(estate, MaxResults);
  expect(found.flat()).toEqual([system, ...ids.toReversed()]);
  expect(found.every((page) => page.length > 0 && page.length <= MaxResults)).toBe(true);
});

it('baselines that come and go between two pages move none of the others', async () => {
  const estate = await newDirectoryEstate();
  const { parent } = estate;
  const { BaselineId: system } = await baselineOf(estate);
  const [oldest = '', ...ids] = await several(estate, 6);
  const doomed = [ids.at(-1) ?? '', oldest];
  const found = await pages(estate, 2, async () => {
    await several(estate, 1);
    const BaselineId = doomed.shift();
    if (BaselineId) await governed(estate, parent, 'DeleteAccountFactoryBaseline', { BaselineId });
  });
  expect(found.flat()).toEqual([system, ...ids.toReversed()]);
});

it('a directory without baselines of its own lists the system baseline and no token', async () => {
  const estate = await newDirectoryEstate();
  const body = await governed(estate, estate.parent, action);
  expect(body).toStrictEqual({ RequestId: serverRequestId, Baselines: [expect.objectContaining({ Type: 'System' })] });
});

it('an updated system baseline stays first and is there once', async () => {
  const estate = await newDirectoryEstate();
  const { parent } = estate;
  const [own] = await several(estate, 1);
  const { BaselineId } = await baselineOf(estate);
  await governed(estate, parent, 'UpdateAccountFactoryBaseline', { BaselineId, BaselineName: 'Ours' });
  const { Baselines } = await governed(estate, parent, action);
  expect(Baselines).toMatchObject([{ BaselineId, BaselineName: 'Ours' }, { BaselineId: own }]);
});

it('a token of another caller, a made-up one and too large a page are refused', async () => {
  const estate = await newDirectoryEstate();
  const { child, parent } = estate;
  await several(estate, 2);
  const { NextToken } = await governed(estate, parent, action, { MaxResults: 1 });
  expect(await govern(estate, child, action, { NextToken })).toStrictEqual(isInvalid('NextToken'));
  expect(await govern(estate, parent, action, { NextToken: 'x' })).toStrictEqual(isInvalid('NextToken'));
  for (const MaxResults of [0, 101, 'x']) {
    expect(await govern(estate, parent, action, { MaxResults })).toStrictEqual(isInvalid('MaxResults'));
  }
});

it('only the management account of a directory lists baselines, and only if it is verified', async () => {
  const estate = await newParties();
  expect(await govern(estate, estate.parent, action)).toStrictEqual(notManagement);
  expect(await govern(estate, await estate.account(''), action)).toStrictEqual(unverified);
});
