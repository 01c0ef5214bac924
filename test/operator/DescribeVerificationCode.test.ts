import { expect, it } from 'vitest';
import { newParties } from '#test/bss/parties.ts';
import { nobody } from '#test/directory/calls.ts';
import { invalid, malformed, serverRequestId } from '#test/support/refusals.ts';

const SecureMobilePhone = '86-13900001234';

it('an operator is told the code for a telephone, and until when it is good', async () => {
  const { call, nowMs, operator, parent } = await newParties();
  const { body, status } = await call(operator, 'DescribeVerificationCode', { Uid: parent.uid, SecureMobilePhone });
  expect({ body, status }).toStrictEqual({
    status: 200,
    body: {
      RequestId: serverRequestId,
      VerificationCode: expect.stringMatching(/^\d{6}$/),
      ExpireTime: expect.stringMatching(/Z$/),
    },
  });
  const goodForMs = Date.parse(body.ExpireTime) - nowMs();
  expect(goodForMs).toBeGreaterThan(5 * 60_000);
  expect(goodForMs).toBeLessThanOrEqual(10 * 60_000);
});

it('the account has to exist, and the telephone to name its country', async () => {
  const { call, operator, parent } = await newParties();
  const ask = (Uid: number, phone: string) =>
    call(operator, 'DescribeVerificationCode', { Uid, SecureMobilePhone: phone });
  const unknown = `Specified parameter Uid is not valid: no account ${nobody}.`;
  expect(await ask(nobody, SecureMobilePhone)).toEqual(invalid('AccountUnknown', unknown));
  expect(await ask(parent.uid, '13900001234')).toEqual(malformed('SecureMobilePhone'));
});
