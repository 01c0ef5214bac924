import { describe, expect, it } from 'vitest';
import { signVolcengine, signVolcengineQuery } from '#test/auth/signers.ts';
import {
  acknowledged,
  answering,
  type Body,
  bill,
  create,
  isInvalid,
  listed,
  manage,
  metadata,
  naming,
  type Request,
  requestId,
  resultOf,
  sent,
  signedJson,
  VERSION,
} from '#test/billing/calls.ts';
import { signedSigv4 } from '#test/billing/sigv4.ts';
import { newParties, type Parties } from '#test/bss/parties.ts';
import type { Signer } from '#test/support/estate.ts';

const door = (action: string) => `Action=${action}&Version=${VERSION}`;
const noBody = new Uint8Array();

/** A GET as the vendor's older client makes it: everything in the query, sorted, names of lists repeated. */
function get({ keyId, secret }: Signer, query: string, path = '/'): Request {
  const signed = signVolcengine({ keyId, secret, nowMs: Date.now(), method: 'GET', path, body: noBody, query });
  signed.headers.set('content-type', 'application/x-www-form-urlencoded');
  return [signed.url, { method: 'GET', headers: signed.headers }];
}

/** A request signed in its query, with a JSON body or, without one, with its parameters beside the signature. */
function presigned({ keyId, secret }: Signer, params: Record<string, string>, body?: Body, path = '/'): Request {
  const content = body === undefined ? noBody : Buffer.from(JSON.stringify(body));
  const method = body === undefined ? 'GET' : 'POST';
  const signing = { keyId, secret, nowMs: Date.now(), method, path, body: content, params, list: true };
  const { url, headers } = signVolcengineQuery(signing);
  headers.set('content-type', 'application/json');
  return [url, { method, headers, ...(body !== undefined && { body: content }) }];
}

async function rawAnswer(estate: Parties, [path, init]: Request) {
  const response = await estate.send(path, init);
  return { status: response.status, body: await response.json() };
}

const gateway = (status: number, CodeN: number, Code: string, Message: string, of: object, Reason?: string) => ({
  status,
  body: { ResponseMetadata: { ...of, Error: { CodeN, Code, Message, ...(Reason && { Reason }) } } },
});

describe('an operation is reached', () => {
  const invitations = acknowledged('HandleInvitation');

  it('at / and at its own path, signed in the headers or in the query, or by SigV4', async () => {
    const direct = '/billing/DeleteFinancialRelation';
    const named = { Action: 'DeleteFinancialRelation', Version: VERSION };
    const ways: ((by: Signer, body: Body) => Request)[] = [
      (by, body) => signedJson(by, 'DeleteFinancialRelation', body),
      (by, body) => signedJson(by, 'DeleteFinancialRelation', body, direct),
      (by, body) => presigned(by, named, body),
      (by, body) => presigned(by, {}, body, direct),
      (by, body) => signedSigv4(by, '/', door('DeleteFinancialRelation'), JSON.stringify(body)),
      (by, body) => signedSigv4(by, direct, '', JSON.stringify(body)),
    ];
    for (const way of ways) {
      const estate = await newParties();
      const request = way(estate.parent, naming(await manage(estate)));
      expect(resultOf(await sent(estate, request))).toEqual(acknowledged('').body.Result);
    }
  });

  it('by GET with its parameters in the query, however it is signed', async () => {
    const estate = await newParties();
    const { parent } = estate;
    const { SubAccountID } = await manage(estate);
    const filter = { AccountIDSearchList: String(SubAccountID), Limit: '5', Relation: '4', Status: '200' };
    const query = (more: object = {}) => new URLSearchParams({ ...filter, ...more }).toString();
    const named = { Action: 'ListFinancialRelation', Version: VERSION };
    const sorted = `AccountIDSearchList=${SubAccountID}&Action=ListFinancialRelation&Limit=5&Relation=4&Status=200&Version=${VERSION}`;
    for (const request of [
      get(parent, sorted),
      get(parent, query(), '/billing/ListFinancialRelation'),
      presigned(parent, { ...filter, ...named }),
      presigned(parent, filter, undefined, '/billing/ListFinancialRelation'),
      signedSigv4(parent, '/', sorted),
      signedSigv4(parent, '/billing/ListFinancialRelation', query()),
    ]) {
      const { List, ...page } = resultOf(await sent(estate, request));
      expect(List).toMatchObject([{ SubAccountID }]);
      expect(page).toMatchObject({ Total: 1, Limit: 5, Offset: 0 });
    }
  });

  it('by GET with lists that repeat their name, or number it', async () => {
    const estate = await newParties();
    await manage(estate);
    const action = 'Action=ListFinancialRelation&';
    for (const query of [
      'Status=100&Status=200&',
      'Status.1=100&Status.2=200&',
      'Status.1=200&',
      'Status.10001=200&',
      'Status.0=100&Status.99999999999999999999=200&',
    ]) {
      const request = get(estate.parent, `${action}${query}Version=${VERSION}`);
      expect(resultOf(await sent(estate, request))).toMatchObject({ Total: 1 });
    }
    const ended = get(estate.parent, `${action}Status.10001=500&Version=${VERSION}`);
    expect(resultOf(await sent(estate, ended))).toMatchObject({ Total: 0 });
    const repeated = get(estate.parent, `${action}Limit=1&Limit=2&Version=${VERSION}`);
    expect(await sent(estate, repeated)).toStrictEqual(isInvalid('ListFinancialRelation', 'Limit'));
  });

  it('by the query alone: a body that names another, or another version, changes nothing', async () => {
    const estate = await newParties();
    const { child, parent } = estate;
    const invited = await create(estate, parent, child);
    const body = { ...answering(invited, 2), Version: '2017-12-14', 'X-Action': 'UpdateAuth' };
    expect(await bill(estate, child, 'HandleInvitation', body)).toStrictEqual(invitations);
    const another = { ...naming(invited), Action: 'DeleteFinancialRelation' };
    expect(await bill(estate, parent, 'ListInvitation', another)).toStrictEqual(listed('ListInvitation', { List: [] }));
  });

  it('with parameters in the query beside a body, unless the two contradict each other', async () => {
    const estate = await newParties();
    await manage(estate);
    const { keyId, secret } = estate.parent;
    const post = (fields: string, body: string, type = 'application/json') => {
      const query = `Action=ListFinancialRelation&${fields}&Version=${VERSION}`;
      const content = Buffer.from(body);
      const signed = signVolcengine({
        keyId,
        secret,
        nowMs: Date.now(),
        method: 'POST',
        path: '/',
        body: content,
        query,
      });
      signed.headers.set('content-type', type);
      return sent(estate, [signed.url, { method: 'POST', headers: signed.headers, body: content }]);
    };
    const form = 'application/x-www-form-urlencoded';
    const shown = { Total: 1, Limit: 5 };
    expect(resultOf(await post('Limit=5&Status=200', '{}'))).toMatchObject(shown);
    expect(resultOf(await post('Limit=5&Status=100', '{"Limit":5}'))).toMatchObject({ Total: 0 });
    expect(resultOf(await post('Limit=5', '{"Limit":5,"Status":["200"],"Offset":null}'))).toMatchObject(shown);
    expect(resultOf(await post('Limit=5', 'Status=200', form))).toMatchObject(shown);
    for (const [query, body] of [
      ['Status=100%2C200', '{"Status":[100,200]}'],
      ['Status.1=100&Status.2=200', '{"Status":"100,200"}'],
      ['Status=100&Status=200', '{"Status.1":100,"Status.2":"200"}'],
      ['Status=200', '{"Status.10001":200}'],
      ['Status=200%2C', '{"Status":[200]}'],
    ] as const) {
      expect(resultOf(await post(query, body)), query).toMatchObject({ Total: 1 });
    }
    const otherList = isInvalid('ListFinancialRelation', 'Status', 'ParameterRepeated');
    expect(await post('Status=100%2C200', '{"Status":[100,300]}')).toStrictEqual(otherList);
    expect(await post('Status=100%2C200', '{"Status":[100]}')).toStrictEqual(otherList);
    expect(await post('Status=100', '{"Status.1":200}')).toStrictEqual(otherList);
    const contradictory = isInvalid('ListFinancialRelation', 'Limit', 'ParameterRepeated');
    expect(await post('Limit=5', '{"Limit":6}')).toStrictEqual(contradictory);
    expect(await post('Limit=5', 'Limit=6', form)).toStrictEqual(contradictory);
  });

  it('with lists that are numbered in JSON, and not with parts of a list that are named otherwise', async () => {
    const estate = await newParties();
    await manage(estate);
    const list = (body: Body) => bill(estate, estate.parent, 'ListFinancialRelation', body);
    expect(resultOf(await list({ 'Status.1': 100, 'Status.2': 200 }))).toMatchObject({ Total: 1 });
    expect(resultOf(await list({ 'Status.1': 500 }))).toMatchObject({ Total: 0 });
    expect(resultOf(await list({ 'Status.1': '', 'Note[]': 1, 'Note.x': 1, '.1': 1 }))).toMatchObject({ Total: 1 });
    const refused = isInvalid('ListFinancialRelation', 'Status', 'ParameterInvalid');
    for (const name of ['Status[]', 'Status[0]', 'Status.x', 'Status.1.x', 'Status.1.1', 'Status.']) {
      expect(await list({ [name]: 500 }), name).toStrictEqual(refused);
    }
    expect(await list({ Status: [100], 'Status.1': 200 })).toMatchObject({ status: 400 });
  });

  it('with a body that a GET carries signed, but not heeded', async () => {
    const estate = await newParties();
    await manage(estate);
    const { keyId, secret } = estate.parent;
    const body = Buffer.from('{"Limit":6}');
    const query = `Action=ListFinancialRelation&Limit=5&Version=${VERSION}`;
    const signing = { keyId, secret, nowMs: Date.now(), method: 'GET', path: '/', query };
    const get = ({ headers, url }: ReturnType<typeof signVolcengine>, content: Buffer) =>
      rawAnswer(estate, [url, { method: 'GET', headers, body: content }]);
    expect(resultOf(await get(signVolcengine({ ...signing, body }), body))).toMatchObject({ Total: 1, Limit: 5 });
    const unsigned = await get(signVolcengine({ ...signing, body: Buffer.alloc(0) }), body);
    expect(unsigned).toMatchObject({ status: 401 });
  });

  it('with booleans as Python writes them, lists joined by commas, and empty members of lists', async () => {
    const estate = await newParties();
    const managed = await manage(estate);
    const list = async (filter: string) =>
      resultOf(await sent(estate, get(estate.parent, `Action=ListFinancialRelation&${filter}&Version=${VERSION}`)));
    for (const filter of [
      'Status=100%2C200',
      'Status=200%2C',
      'Status=&Status=200',
      'Status=',
      'Status.1=',
      'Status.1=&Status.2=',
    ]) {
      expect(await list(filter), filter).toMatchObject({ Total: 1 });
    }
    expect(await list('Status=100%2C300')).toMatchObject({ Total: 0 });
    for (const DryRun of ['True', 'TRUE', 'true', true]) {
      const dry = await bill(estate, estate.parent, 'DeleteFinancialRelation', {
        ...naming(managed),
        DryRun,
      });
      expect(dry.body.ResponseMetadata.Error).toMatchObject({ Code: 'DryRunOperation' });
    }
  });

  it('at its own path by GET, where its body would have an Action of its own', async () => {
    const estate = await newParties();
    const invited = await create(estate, estate.parent, estate.child);
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(answering(invited, 2))) query.set(name, String(value));
    query.sort();
    const answer = await sent(estate, get(estate.child, `${query}`, '/billing/HandleInvitation'));
    expect(answer).toStrictEqual(invitations);
  });
});

it('the answer names the region the request was signed for, and its request id in a header too', async () => {
  const estate = await newParties();
  const { keyId, secret } = estate.parent;
  for (const region of ['cn-north-1', 'ap-southeast-1', '']) {
    const query = door('ListInvitation');
    const signing = { keyId, secret, nowMs: Date.now(), method: 'GET', path: '/', body: noBody, query, region };
    const { url, headers } = signVolcengine(signing);
    const response = await estate.send(url, { method: 'GET', headers });
    const { ResponseMetadata } = JSON.parse(await response.text());
    expect(ResponseMetadata).toStrictEqual(metadata('ListInvitation', region));
    expect(response.headers.get('x-tt-logid')).toBe(ResponseMetadata.RequestId);
  }
});

describe('the gateway refuses', () => {
  const missing = (parameter: string) => `The request is missing ${parameter} parameter.`;

  it('a request without an Action, naming nothing but itself', async () => {
    const estate = await newParties();
    const request = get(estate.parent, `Version=${VERSION}`);
    const expected = gateway(
      400,
      100002,
      'MissingParameter',
      missing('Action'),
      { RequestId: requestId },
      'ActionMissing',
    );
    expect(await rawAnswer(estate, request)).toStrictEqual(expected);
    const inBody = signedJson(estate.parent, '', { Action: 'ListInvitation' });
    expect(await rawAnswer(estate, inBody)).toMatchObject({ status: 400 });
  });

  it('one without a Version, and one of an operation that is not there', async () => {
    const estate = await newParties();
    const versionless = await rawAnswer(estate, get(estate.parent, 'Action=ListInvitation'));
    expect(versionless).toMatchObject(
      gateway(400, 100002, 'MissingParameter', missing('Version'), { RequestId: requestId }),
    );
    for (const [action, version] of [
      ['Foo', VERSION],
      ['GetFinancialRelation', VERSION],
      ['ListInvitation', '2021-01-01'],
    ] as const) {
      const answer = await rawAnswer(estate, get(estate.parent, `Action=${action}&Version=${version}`));
      const message = `Could not find operation ${action} for version ${version}.`;
      expect(answer).toMatchObject(gateway(404, 100008, 'InvalidActionOrVersion', message, { RequestId: requestId }));
    }
  });

  it('a method that is neither GET nor POST', async () => {
    const estate = await newParties();
    const [path, init] = signedJson(estate.parent, 'ListInvitation', {});
    const message = 'The method PUT is not allowed for this operation.';
    const expected = gateway(405, 100020, 'MethodNotAllowed', message, { RequestId: requestId });
    expect(await rawAnswer(estate, [path, { ...init, method: 'PUT' }])).toMatchObject(expected);
  });

  it('a changed body, an unknown key, an old or missing signature, in its own words', async () => {
    const estate = await newParties();
    const { parent } = estate;
    const { keyId, secret } = parent;
    const [path, init] = signedJson(parent, 'ListInvitation', { Note: 'a' });
    const refusal = (status: number, number: number, code: string) => ({
      status,
      body: { ResponseMetadata: { ...metadata('ListInvitation', 'cn-north-1'), Error: { CodeN: number, Code: code } } },
    });
    const changed: Request = [path, { ...init, body: Buffer.from('{"Note":"b"}') }];
    expect(await rawAnswer(estate, changed)).toMatchObject(refusal(401, 100010, 'SignatureDoesNotMatch'));
    const unknown = signedJson({ ...parent, keyId: 'AKLTUNKNOWN' }, 'ListInvitation', {});
    expect(await rawAnswer(estate, unknown)).toMatchObject(refusal(401, 100009, 'InvalidAccessKey'));
    const signing = { keyId, secret, method: 'GET', path: '/', body: noBody, query: door('ListInvitation') };
    for (const offMs of [-16 * 60_000, 16 * 60_000]) {
      const { url, headers } = signVolcengine({ ...signing, nowMs: Date.now() + offMs });
      const answer = await rawAnswer(estate, [url, { headers }]);
      expect(answer).toMatchObject(refusal(400, 100006, 'InvalidTimestamp'));
    }
    const bare = await rawAnswer(estate, [`/?${door('ListInvitation')}`, {}]);
    expect(bare).toMatchObject(refusal(401, 100003, 'MissingAuthenticationToken'));
  });

  it('an operator’s key', async () => {
    const estate = await newParties();
    const message = 'User is not authorized to perform: billing:ListInvitation on resource: .';
    const expected = gateway(403, 100013, 'AccessDenied', message, metadata('ListInvitation'), 'CallerNotAccount');
    expect(await bill(estate, estate.operator, 'ListInvitation')).toStrictEqual(expected);
  });

  it.each(['[]', '"x"', '{', '1', 'null', '\u{FEFF}x'])('a body that is no object: %s', async (text) => {
    const estate = await newParties();
    const { keyId, secret } = estate.parent;
    const body = Buffer.from(text);
    const query = door('UpdateAuth');
    const signed = signVolcengine({ keyId, secret, nowMs: Date.now(), method: 'POST', path: '/', body, query });
    signed.headers.set('content-type', 'application/json');
    const answer = await sent(estate, [signed.url, { method: 'POST', headers: signed.headers, body }]);
    expect(answer).toStrictEqual(isInvalid('UpdateAuth', 'body', 'BodyUnreadable'));
  });
});

it('a body may be absent, or spelled with escapes and blanks as the Python client spells it', async () => {
  const estate = await newParties();
  const { child, parent } = estate;
  const { keyId, secret } = parent;
  const post = async (action: string, text: string) => {
    const body = Buffer.from(text);
    const query = door(action);
    const signed = signVolcengine({ keyId, secret, nowMs: Date.now(), method: 'POST', path: '/', body, query });
    signed.headers.set('content-type', 'application/json');
    return sent(estate, [signed.url, { method: 'POST', headers: signed.headers, body }]);
  };
  expect(await post('ListInvitation', '')).toStrictEqual(listed('ListInvitation', { List: [] }));
  const spelled = `{"AccountAlias": "\\u7814\\u53d1", "AuthListStr": "1", "Relation": 4, "SubAccountID": ${child.uid}}`;
  expect(await post('CreateFinancialRelation', spelled)).toStrictEqual(acknowledged('CreateFinancialRelation'));
  const { List } = resultOf(await bill(estate, parent, 'ListFinancialRelation'));
  expect(List).toMatchObject([{ AccountAlias: '研发' }]);
});
