import { expect, test } from 'vitest';
import { type Answer, newEstate, type Params, signedCall } from '#test/support/estate.ts';

test('an operator may revoke the key it signs with, and can do nothing with it from then on, not even by another process', async () => {
  const { anotherProcess, call, operator, send } = await newEstate();
  const { body } = await call(operator, 'IssueAccessKey', { Operator: true });
  const own = { uid: 0, keyId: body.AccessKeyId, secret: body.AccessKeySecret };
  const elsewhere = anotherProcess();
  const ask = async (action: string, params: Params): Promise<Answer> => {
    const response = await send(...signedCall(own, action, '2026-01-01', params), elsewhere);
    return { status: response.status, body: await response.json() };
  };
  expect(await ask('RegisterAccount', { Name: 'one@test' })).toMatchObject({ status: 200 });
  expect((await call(own, 'RevokeAccessKey', { AccessKeyId: own.keyId })).status).toBe(200);
  expect((await call(own, 'RegisterAccount', { Name: 'two@test' })).body.Code).toBe('InvalidAccessKeyId.Inactive');
  // The other process has the key in memory still.
  expect((await ask('IssueAccessKey', { Operator: true })).body.Code).toBe('InvalidAccessKeyId.Inactive');
});

test('an operator whose key was revoked elsewhere cannot revoke it once more: nothing is told of it by that key', async () => {
  const { anotherProcess, call, dump, operator, send } = await newEstate();
  const { body } = await call(operator, 'IssueAccessKey', { Operator: true });
  const own = { uid: 0, keyId: body.AccessKeyId, secret: body.AccessKeySecret };
  const elsewhere = anotherProcess();
  await elsewhere.keyring.secretOf(own.keyId);
  await call(operator, 'RevokeAccessKey', { AccessKeyId: own.keyId });
  const before = await dump();
  const asked = signedCall(own, 'RevokeAccessKey', '2026-01-01', { AccessKeyId: own.keyId });
  expect(await (await send(...asked, elsewhere)).json()).toMatchObject({ Code: 'InvalidAccessKeyId.Inactive' });
  expect(await dump()).toEqual(before);
});
