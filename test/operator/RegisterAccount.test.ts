import { describe, expect, it } from 'vitest';
import { newEstate, type Params } from '#test/support/estate.ts';
import { invalid, malformed, missing, serverRequestId } from '#test/support/refusals.ts';

const emailClaimed = invalid('EmailClaimed', 'Specified parameter Email is not valid: it belongs to another account.');

async function registered(params: Params) {
  const estate = await newEstate();
  const answer = await estate.call(estate.operator, 'RegisterAccount', { Name: 'new@test', ...params });
  return { estate, answer };
}

describe('an account', () => {
  it('is given a uid of 16 digits, below 2^53', async () => {
    const { estate, answer } = await registered({ LegalName: 'Acme' });
    expect(answer).toStrictEqual({ status: 200, body: { RequestId: serverRequestId, Uid: expect.any(Number) } });
    const { Uid } = answer.body;
    expect(String(Uid)).toMatch(/^\d{16}$/);
    expect(Number.isSafeInteger(Uid)).toBe(true);
    expect((await estate.call(estate.operator, 'DescribeAccount', { Uid })).status).toBe(200);
  });

  it.each([1_234_567_890_123_456, 2_100_000_001])('can bring its uid, of 16 digits or of 10: %s', async (Uid) => {
    expect((await registered({ Uid })).answer.body).toMatchObject({ Uid });
  });

  it.each(['123', '12345678901', '0123456789', '9999999999999999', '1e15', '-100000000'])(
    'cannot have the uid %s',
    async (Uid) => {
      expect((await registered({ Uid })).answer).toEqual(malformed('Uid'));
    },
  );

  it('is registered once', async () => {
    const { estate } = await registered({ Uid: 2_100_000_001, Name: 'first' });
    const before = await estate.dump();
    const exists = 'Specified parameter Uid is not valid: account 2100000001 exists already.';
    const again = { Uid: 2_100_000_001, Name: 'second', Email: 'second@acme.test' };
    expect(await estate.call(estate.operator, 'RegisterAccount', again)).toEqual(invalid('AccountExists', exists));
    expect(await estate.dump()).toEqual(before);
  });
});

describe('an e-mail address', () => {
  it('belongs to one account, in whatever case it is written', async () => {
    const { estate } = await registered({ Email: 'Finance@Acme.test' });
    const before = await estate.dump();
    for (const Email of ['Finance@Acme.test', 'finance@acme.TEST']) {
      const answer = await estate.call(estate.operator, 'RegisterAccount', { Name: 'other', Email });
      expect(answer).toEqual(emailClaimed);
    }
    expect(await estate.dump()).toEqual(before);
  });

  it.each(['finance', '@acme.test', 'a b@acme.test'])('has the form of one: not %s', async (Email) => {
    expect((await registered({ Email })).answer).toEqual(malformed('Email'));
  });
});

it('a login name must be given, and is at most 64 characters without control characters', async () => {
  expect((await registered({ Name: undefined })).answer).toEqual(missing('Name'));
  expect((await registered({ Name: 'n'.repeat(65) })).answer).toEqual(malformed('Name'));
  expect((await registered({ Name: 'a\u0000b' })).answer).toEqual(malformed('Name'));
});
