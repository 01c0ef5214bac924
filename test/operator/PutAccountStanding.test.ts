import { expect, it } from 'vitest';
import { newParties } from '#test/bss/parties.ts';
import type { Params } from '#test/support/estate.ts';
import { invalid, malformed, missing, serverRequestId } from '#test/support/refusals.ts';

const unknown = invalid('AccountUnknown', 'Specified parameter Uid is not valid: no account 1999999999999999.');

it('what is not said of a standing stays as it is', async () => {
  const { call, child, operator } = await newParties();
  const troubled = { Uid: child.uid, AvailableBalance: -5, Arrears: 7, OpenOrders: 2, Frozen: true };
  const answer = await call(operator, 'PutAccountStanding', troubled);
  expect(answer).toStrictEqual({ status: 200, body: { RequestId: serverRequestId, ...troubled } });
  const described = async () => (await call(operator, 'DescribeAccountStanding', { Uid: child.uid })).body;
  expect(await described()).toStrictEqual({ RequestId: serverRequestId, ...troubled });
  for (const said of [{ Arrears: 1 }, { Frozen: false, AvailableBalance: 0 }, {}]) {
    const before = await described();
    const expected = { ...before, ...said, RequestId: serverRequestId };
    expect((await call(operator, 'PutAccountStanding', { Uid: child.uid, ...said })).body).toStrictEqual(expected);
    expect(await described()).toStrictEqual(expected);
  }
});

it('what was never put of an account is clear', async () => {
  const { call, child, operator } = await newParties();
  const { body } = await call(operator, 'PutAccountStanding', { Uid: child.uid, OpenOrders: 1 });
  const clearStanding = { AvailableBalance: 0, Arrears: 0, Frozen: false };
  expect(body).toStrictEqual({ RequestId: serverRequestId, Uid: child.uid, ...clearStanding, OpenOrders: 1 });
});

it('parts of a standing that are said at once are all said', async () => {
  const { call, child, operator } = await newParties();
  const parts = [{ AvailableBalance: 3 }, { Arrears: 4 }, { OpenOrders: 5 }, { Frozen: true }];
  await Promise.all(parts.map((part) => call(operator, 'PutAccountStanding', { Uid: child.uid, ...part })));
  const { body } = await call(operator, 'DescribeAccountStanding', { Uid: child.uid });
  expect(body).toMatchObject(Object.assign({}, ...parts));
});

it('of changes at once each tells what it replaced, so that they are one chain from the first standing to the last', async () => {
  const { call, child, deps, operator } = await newParties();
  const changes = Array.from({ length: 8 }, (_, index) => ({ AvailableBalance: index + 1, Arrears: index % 3 }));
  const answers = await Promise.all(
    changes.map((said) => call(operator, 'PutAccountStanding', { Uid: child.uid, ...said })),
  );
  expect(answers.map(({ status }) => status)).toEqual(changes.map(() => 200));
  const told = (await deps.ledger.ofSubject('account', child.uid, 100)).map(({ facts = {} }) => facts);
  expect(told).toHaveLength(changes.length);
  const standing: Record<string, unknown> = { availableBalance: 0, arrears: 0 };
  while (told.length > 0) {
    // No two set the same balance, so one change follows on another by it alone.
    const next = told.findIndex((facts) => facts['availableBalanceBefore'] === standing['availableBalance']);
    const [facts = {}] = told.splice(next, 1);
    expect(next, `nothing follows on ${JSON.stringify(standing)}`).toBeGreaterThanOrEqual(0);
    for (const name of Object.keys(standing)) {
      if (`${name}Before` in facts) expect(facts[`${name}Before`]).toBe(standing[name]);
      standing[name] = facts[`${name}After`] ?? standing[name];
    }
  }
  expect(await deps.standings.get(child.uid)).toMatchObject(standing);
});

it('what does not change is not told as changed, and if that is all, nothing is told', async () => {
  const { call, child, deps, operator } = await newParties();
  const put = (said: Params) => call(operator, 'PutAccountStanding', { Uid: child.uid, ...said });
  await put({ Arrears: 5, OpenOrders: 0 });
  const { body } = await put({ Arrears: 5 });
  expect(body).toMatchObject({ Arrears: 5, OpenOrders: 0 });
  await put({});
  const told = (await deps.ledger.ofSubject('account', child.uid, 10)).map(({ facts }) => facts);
  expect(told).toEqual([{ arrearsBefore: 0, arrearsAfter: 5 }]);
});

it('an account that nobody registered has none', async () => {
  const { call, dump, operator } = await newParties();
  const before = await dump();
  for (const Arrears of [1, 0]) {
    const params = { Uid: 1_999_999_999_999_999, Arrears };
    expect(await call(operator, 'PutAccountStanding', params)).toEqual(unknown);
  }
  expect(await dump()).toEqual(before);
});

it.each([
  ['AvailableBalance', '1.5'],
  ['AvailableBalance', '9007199254740993'],
  ['Arrears', -1],
  ['OpenOrders', '1e3'],
  ['Frozen', 'yes'],
])('%s cannot be %s', async (name, value) => {
  const { call, child, dump, operator } = await newParties();
  const before = await dump();
  expect(await call(operator, 'PutAccountStanding', { Uid: child.uid, [name]: value })).toEqual(malformed(name));
  expect(await call(operator, 'PutAccountStanding')).toEqual(missing('Uid'));
  expect(await dump()).toEqual(before);
});
