import { expect, it } from 'vitest';
import { newParties } from '#test/bss/parties.ts';
import { invalid, malformed, missing, serverRequestId } from '#test/support/refusals.ts';

it('an account whose standing was never put has a clear one', async () => {
  const { call, child, operator } = await newParties();
  expect(await call(operator, 'DescribeAccountStanding', { Uid: child.uid })).toStrictEqual({
    status: 200,
    body: {
      RequestId: serverRequestId,
      Uid: child.uid,
      AvailableBalance: 0,
      Arrears: 0,
      OpenOrders: 0,
      Frozen: false,
    },
  });
});

it('an account that nobody registered has no standing', async () => {
  const { call, operator } = await newParties();
  const unknown = 'Specified parameter Uid is not valid: no account 1999999999999999.';
  const answer = await call(operator, 'DescribeAccountStanding', { Uid: 1_999_999_999_999_999 });
  expect(answer).toEqual(invalid('AccountUnknown', unknown));
});

it('the account must be named', async () => {
  const { call, operator } = await newParties();
  expect(await call(operator, 'DescribeAccountStanding')).toEqual(missing('Uid'));
  expect(await call(operator, 'DescribeAccountStanding', { Uid: '12' })).toEqual(malformed('Uid'));
});
