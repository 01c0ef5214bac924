import { describe, expect, it } from 'vitest';
import { add, confirm, newParties, relieve, succeeded, WAIT_MS } from '#test/bss/parties.ts';
import { invalid, malformed, missing, serverRequestId } from '#test/support/refusals.ts';

const codes = ['CHECK_FINANCE_INFO'];

describe('an account', () => {
  it('is described as it was registered', async () => {
    const { call, operator } = await newParties();
    const account = { Name: 'login@acme', LegalName: 'Acme', Email: 'login@acme.test' };
    const { Uid } = (await call(operator, 'RegisterAccount', account)).body;
    expect(await call(operator, 'DescribeAccount', { Uid })).toStrictEqual({
      status: 200,
      body: { RequestId: serverRequestId, Uid, ...account, CreateTime: '2025-03-02T15:12:34.567Z' },
    });
  });

  it('comes with the relation it is the child of while that is in effect, and only then', async () => {
    const estate = await newParties();
    const { call, child, operator, parent } = estate;
    const relation = async () => (await call(operator, 'DescribeAccount', { Uid: child.uid })).body.Relation;
    await add(estate, parent, child, { PermissionCodes: codes });
    const parties = { ParentUid: parent.uid, ChildUid: child.uid, Policy: 'management' };
    expect(await relation()).toBeUndefined();
    estate.advance(WAIT_MS);
    const second = await add(estate, parent, child, { PermissionCodes: codes });
    succeeded(await confirm(estate, child, second, 'child_agree', codes));
    expect(await relation()).toStrictEqual({ RelationId: second, ...parties, Status: 'active' });
    succeeded(await relieve(estate, parent, second));
    expect(await relation()).toBeUndefined();
    expect((await call(operator, 'DescribeAccount', { Uid: parent.uid })).body).not.toHaveProperty('Relation');
  });

  it('that nobody registered is unknown', async () => {
    const { call, operator } = await newParties();
    const unknown = 'Specified parameter Uid is not valid: no account 1999999999999999.';
    const answer = await call(operator, 'DescribeAccount', { Uid: 1_999_999_999_999_999 });
    expect(answer).toEqual(invalid('AccountUnknown', unknown));
  });

  it('must be named', async () => {
    const { call, operator } = await newParties();
    expect(await call(operator, 'DescribeAccount')).toEqual(missing('Uid'));
    expect(await call(operator, 'DescribeAccount', { Uid: 'me' })).toEqual(malformed('Uid'));
  });
});
