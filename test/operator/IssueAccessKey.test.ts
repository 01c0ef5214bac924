import { describe, expect, it } from 'vitest';
import { newParties } from '#test/bss/parties.ts';
import { created, newDirectoryEstate } from '#test/directory/calls.ts';
import { invalid, lacking, malformed, serverRequestId } from '#test/support/refusals.ts';

const imported = { AccessKeyId: 'LTAI-brought-along', AccessKeySecret: 'a secret of its own' };
const eitherOwner = lacking('either Uid or Operator=true');
const eitherKind = lacking('either Root=true or Operator=true');
const wholePair = lacking('both AccessKeyId and AccessKeySecret, or neither');

describe('a key', () => {
  it('is made for an account, which it signs for at once, in every process', async () => {
    const { anotherProcess, call, child, dump, operator } = await newParties();
    const answer = await call(operator, 'IssueAccessKey', { Uid: child.uid });
    expect(answer).toStrictEqual({
      status: 200,
      body: { RequestId: serverRequestId, AccessKeyId: expect.any(String), AccessKeySecret: expect.any(String) },
    });
    const { AccessKeyId: keyId, AccessKeySecret: secret } = answer.body;
    const signer = { uid: child.uid, keyId, secret };
    expect((await call(signer, 'QueryRelationList', { UserId: child.uid })).status).toBe(200);
    expect(anotherProcess().keyring.derive(keyId)).toBe(secret);
    expect(JSON.stringify((await dump()).filter(({ type }) => type === 'accessKey'))).not.toContain(secret);
  });

  it('is made for an operator, who may then issue others', async () => {
    const { call, child, operator } = await newParties();
    const { AccessKeyId, AccessKeySecret } = (await call(operator, 'IssueAccessKey', { Operator: true })).body;
    const second = { uid: 0, keyId: AccessKeyId, secret: AccessKeySecret };
    expect((await call(second, 'IssueAccessKey', { Uid: child.uid })).status).toBe(200);
  });

  it('is made for the root user of an account, which it signs for like any other', async () => {
    const { call, child, dump, operator } = await newParties();
    const issued = await call(operator, 'IssueAccessKey', { Uid: child.uid, Root: true });
    const { AccessKeyId: keyId, AccessKeySecret: secret } = issued.body;
    const list = () => call({ uid: child.uid, keyId, secret }, 'QueryRelationList', { UserId: child.uid });
    expect((await list()).status).toBe(200);
    expect((await dump()).filter(({ isRoot }) => isRoot)).toMatchObject([{ keyId, active: true }]);
    const { body: told } = await call(operator, 'ListEvents', { Subject: 'accessKey', SubjectId: keyId });
    expect(told.Events).toMatchObject([{ Event: 'issue', Uid: child.uid, IsRoot: true }]);
    expect((await call(operator, 'RevokeAccessKey', { AccessKeyId: keyId })).status).toBe(200);
    expect((await list()).status).toBe(400);
  });

  it('is imported with its secret, which is stored only sealed', async () => {
    const { call, child, dump, operator } = await newParties();
    const answer = await call(operator, 'IssueAccessKey', { Uid: child.uid, ...imported });
    expect(answer.body).toStrictEqual({ RequestId: serverRequestId, ...imported });
    const signer = { uid: child.uid, keyId: imported.AccessKeyId, secret: imported.AccessKeySecret };
    expect((await call(signer, 'QueryRelationList', { UserId: child.uid })).status).toBe(200);
    expect(JSON.stringify(await dump())).not.toContain(imported.AccessKeySecret);
  });
});

describe('nothing is issued', () => {
  it('to nobody, or to an account and to operators at once', async () => {
    const { call, child, dump, operator } = await newParties();
    const before = await dump();
    expect(await call(operator, 'IssueAccessKey')).toEqual(eitherOwner);
    expect(await call(operator, 'IssueAccessKey', { Operator: false })).toEqual(eitherOwner);
    expect(await call(operator, 'IssueAccessKey', { Operator: true, Uid: child.uid })).toEqual(eitherOwner);
    expect(await dump()).toEqual(before);
  });

  it('to the root user of operators, or of a resource account', async () => {
    const estate = await newDirectoryEstate();
    const { AccountId: Uid } = await created(estate, 'Dev');
    const { call, dump, operator } = estate;
    const before = await dump();
    expect(await call(operator, 'IssueAccessKey', { Operator: true, Root: true })).toEqual(eitherKind);
    const none = `Specified parameter Root is not valid: account ${Uid} is a resource account, which has no root user.`;
    const answer = await call(operator, 'IssueAccessKey', { Uid, Root: true });
    expect(answer).toEqual(invalid('RootUserDisabled', none));
    expect(await dump()).toEqual(before);
  });

  it('to an account that nobody registered', async () => {
    const { call, dump, operator } = await newParties();
    const before = await dump();
    const unknown = 'Specified parameter Uid is not valid: no account 1999999999999999.';
    const answer = await call(operator, 'IssueAccessKey', { Uid: 1_999_999_999_999_999, ...imported });
    expect(answer).toEqual(invalid('AccountUnknown', unknown));
    expect(await dump()).toEqual(before);
  });

  it('under an id that exists, also one that was revoked', async () => {
    const { call, child, dump, operator, parent } = await newParties();
    expect((await call(operator, 'RevokeAccessKey', { AccessKeyId: parent.keyId })).status).toBe(200);
    const before = await dump();
    const exists = invalid('AccessKeyExists', 'Specified parameter AccessKeyId is not valid: it exists already.');
    for (const AccessKeyId of [child.keyId, parent.keyId, operator.keyId]) {
      const params = { ...imported, Uid: child.uid, AccessKeyId };
      expect(await call(operator, 'IssueAccessKey', params)).toEqual(exists);
    }
    expect(await dump()).toEqual(before);
  });

  it('of half a pair', async () => {
    const { call, child, operator } = await newParties();
    const { AccessKeyId, AccessKeySecret } = imported;
    expect(await call(operator, 'IssueAccessKey', { Uid: child.uid, AccessKeyId })).toEqual(wholePair);
    expect(await call(operator, 'IssueAccessKey', { Uid: child.uid, AccessKeySecret })).toEqual(wholePair);
  });

  it.each([
    ['AccessKeyId', { AccessKeyId: 'a#b#c' }],
    ['AccessKeyId', { AccessKeyId: 'abc' }],
    ['AccessKeySecret', { AccessKeySecret: 'short' }],
    ['Operator', { Operator: 'yes' }],
  ])('with an %s that cannot be: %o', async (name, params) => {
    const { call, child, operator } = await newParties();
    const answer = await call(operator, 'IssueAccessKey', { Uid: child.uid, ...imported, ...params });
    expect(answer).toEqual(malformed(name));
  });
});
