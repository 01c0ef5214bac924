import { expect, it } from 'vitest';
import { newParties } from '#test/bss/parties.ts';
import { invalid, malformed, missing, serverRequestId } from '#test/support/refusals.ts';

const unknown = invalid('AccountUnknown', 'Specified parameter Uid is not valid: no account 1999999999999999.');

it('a standing is said whole: what is left out is untroubled again', async () => {
  const { call, child, operator } = await newParties();
  const troubled = { Uid: child.uid, AvailableBalance: -5, Arrears: 7, OpenOrders: 2, Frozen: true };
  const answer = await call(operator, 'PutAccountStanding', troubled);
  expect(answer).toStrictEqual({ status: 200, body: { RequestId: serverRequestId, ...troubled } });
  const described = await call(operator, 'DescribeAccountStanding', { Uid: child.uid });
  expect(described.body).toStrictEqual({ RequestId: serverRequestId, ...troubled });
  await call(operator, 'PutAccountStanding', { Uid: child.uid, Arrears: 1 });
  expect((await call(operator, 'DescribeAccountStanding', { Uid: child.uid })).body).toStrictEqual({
    RequestId: serverRequestId,
    Uid: child.uid,
    AvailableBalance: 0,
    Arrears: 1,
    OpenOrders: 0,
    Frozen: false,
  });
});

it('an account that nobody registered has none', async () => {
  const { call, dump, operator } = await newParties();
  const before = await dump();
  expect(await call(operator, 'PutAccountStanding', { Uid: 1_999_999_999_999_999, Arrears: 1 })).toEqual(unknown);
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
