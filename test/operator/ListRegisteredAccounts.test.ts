import { expect, it } from 'vitest';
import { newEstate } from '#test/support/estate.ts';
import { malformed, serverRequestId } from '#test/support/refusals.ts';

const uids = [
  2_100_000_001, 1_100_000_000_000_001, 1_100_000_000_000_002, 1_100_000_000_000_003, 1_100_000_000_000_004,
];

async function withAccounts() {
  const estate = await newEstate();
  for (const uid of uids.toReversed()) await estate.account('Acme', uid);
  return estate;
}

it('accounts are listed by uid, ten digits before sixteen, as they were registered', async () => {
  const { call, operator } = await withAccounts();
  const answer = await call(operator, 'ListRegisteredAccounts');
  expect(answer).toStrictEqual({
    status: 200,
    body: {
      RequestId: serverRequestId,
      Accounts: uids.map((Uid) => ({
        Uid,
        Name: `login${Uid}@test`,
        LegalName: 'Acme',
        CreateTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      })),
    },
  });
});

it.each([1, 2, 3, 5])('pages of %s are disjoint, in order and complete', async (MaxResults) => {
  const { call, operator } = await withAccounts();
  const found: number[] = [];
  let NextToken: string | undefined;
  do {
    const { body } = await call(operator, 'ListRegisteredAccounts', { MaxResults, NextToken });
    expect(body.Accounts.length).toBeLessThanOrEqual(MaxResults);
    found.push(...body.Accounts.map(({ Uid }: { Uid: number }) => Uid));
    NextToken = body.NextToken;
  } while (NextToken !== undefined);
  expect(found).toEqual(uids);
});

it('a page goes on where the one before ended, though accounts were added', async () => {
  const { account, call, operator } = await withAccounts();
  const first = (await call(operator, 'ListRegisteredAccounts', { MaxResults: 2 })).body;
  await account('Bolt', 2_100_000_000);
  const second = await call(operator, 'ListRegisteredAccounts', { MaxResults: 3, NextToken: first.NextToken });
  expect(second.body.Accounts).toMatchObject(uids.slice(2).map((Uid) => ({ Uid })));
});

it('none are listed when there are none', async () => {
  const { call, operator } = await newEstate();
  expect((await call(operator, 'ListRegisteredAccounts')).body).toStrictEqual({
    RequestId: serverRequestId,
    Accounts: [],
  });
});

it.each([
  ['MaxResults', 0],
  ['MaxResults', 101],
  ['MaxResults', 'all'],
  ['NextToken', 'x'],
  ['NextToken', '1'],
  ['NextToken', 'A'.repeat(1_025)],
])('%s cannot be %s', async (name, value) => {
  const { call, operator } = await newEstate();
  expect(await call(operator, 'ListRegisteredAccounts', { [name]: value })).toEqual(malformed(name));
});
