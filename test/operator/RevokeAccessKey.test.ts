import { describe, expect, it } from 'vitest';
import { newParties } from '#test/bss/parties.ts';
import { signedRpc } from '#test/support/everyOperation.ts';
import { invalid, malformed, serverRequestId } from '#test/support/refusals.ts';

const inactive = {
  status: 400,
  body: {
    RequestId: serverRequestId,
    HostId: 'tributary.test',
    Code: 'InvalidAccessKeyId.Inactive',
    Message: 'Specified access key is disabled.',
  },
};

describe('a key that is revoked', () => {
  it('is refused at once, though this process had just used it', async () => {
    const { call, child, operator, parent } = await newParties();
    const list = () => call(child, 'QueryRelationList', { UserId: child.uid });
    expect((await list()).status).toBe(200);
    const answer = await call(operator, 'RevokeAccessKey', { AccessKeyId: child.keyId });
    expect(answer).toStrictEqual({ status: 200, body: { RequestId: serverRequestId } });
    expect(await list()).toEqual(inactive);
    expect((await call(parent, 'QueryRelationList', { UserId: parent.uid })).status).toBe(200);
  });

  it('is only said to be revoked by a dry run: it goes on', async () => {
    const { call, child, operator } = await newParties();
    const params = { AccessKeyId: child.keyId, DryRun: true };
    expect(await call(operator, 'RevokeAccessKey', params)).toMatchObject({ body: { Reason: 'DryRunPassed' } });
    expect((await call(child, 'QueryRelationList', { UserId: child.uid })).status).toBe(200);
  });

  it('can be revoked again', async () => {
    const { call, child, operator } = await newParties();
    for (let times = 0; times < 2; times++) {
      expect((await call(operator, 'RevokeAccessKey', { AccessKeyId: child.keyId })).status).toBe(200);
    }
    expect(await call(child, 'QueryRelationList', { UserId: child.uid })).toEqual(inactive);
  });

  it('may be the very one that revokes it', async () => {
    const { call, operator } = await newParties();
    expect((await call(operator, 'RevokeAccessKey', { AccessKeyId: operator.keyId })).status).toBe(200);
    expect(await call(operator, 'ListRegisteredAccounts')).toEqual(inactive);
  });
});

it('a key that was never issued cannot be revoked', async () => {
  const { call, dump, operator } = await newParties();
  const before = await dump();
  const unknown = invalid('AccessKeyUnknown', 'Specified parameter AccessKeyId is not valid: there is no such key.');
  expect(await call(operator, 'RevokeAccessKey', { AccessKeyId: 'TRIBUNKNOWN' })).toEqual(unknown);
  expect(await dump()).toEqual(before);
});

it('the key must be named', async () => {
  const { call, operator } = await newParties();
  expect(await call(operator, 'RevokeAccessKey')).toMatchObject({ body: { Reason: 'AlternativesMissing' } });
  const two = { AccessKeyId: 'TRIBONE', UserAccessKeyId: 'TRIBTWO' };
  expect(await call(operator, 'RevokeAccessKey', two)).toEqual(malformed('UserAccessKeyId'));
  expect(await call(operator, 'RevokeAccessKey', { AccessKeyId: 'x y' })).toEqual(malformed('AccessKeyId'));
});

it('the key that signs the RPC 1.0 way, whose id is a parameter too, is not thereby the one to revoke', async () => {
  const { call, operator, send } = await newParties();
  const answer = await send(...signedRpc(operator, { Action: 'RevokeAccessKey', Version: '2026-01-01' }));
  expect(answer.status).toBe(400);
  expect((await call(operator, 'ListRegisteredAccounts')).status).toBe(200);
});
