import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { operations } from '#infra/operations.ts';
import { newParties, type Parties } from '#test/bss/parties.ts';
import { times } from '#test/support/breadth.ts';
import { queryOf } from '#test/support/estate.ts';
import { parametersOf, requestOf, signedRequest, type Wire } from '#test/support/everyOperation.ts';
import { stage } from '#test/support/examples.ts';
import { restored } from '#test/support/snapshot.ts';

const add = { action: 'AddAccountRelation', version: '2017-12-14' };
const form = 'application/x-www-form-urlencoded';
const json = 'application/json';

function good({ child, parent }: Parties) {
  return {
    RelationType: 'enterprise_group',
    RequestId: 'request-1',
    ParentUserId: parent.uid,
    ChildUserId: child.uid,
    PermissionCodes: ['CHECK_FINANCE_INFO'],
  };
}

/** Sends a request that must be refused with a 4xx and leave the table unchanged. */
async function refusedAsIs(estate: Parties, path: string, init: RequestInit): Promise<Response> {
  const before = await estate.dump();
  const response = await estate.send(path, init);
  expect(response.status, `${path.slice(0, 200)} ${JSON.stringify(estate.logged.at(-1))}`).toBeLessThan(500);
  expect(response.status).toBeGreaterThanOrEqual(400);
  expect(await estate.dump()).toEqual(before);
  return response;
}

/** All that is refused leaves the estate as it was, so that one does for all. */
const begin = restored(async () => ({ estate: await newParties() }));

async function refusedSigned(wire: (estate: Parties) => Wire): Promise<number> {
  const { estate } = await begin();
  const [path, init] = signedRequest(estate.parent, { ...add, ...wire(estate) });
  return (await refusedAsIs(estate, path, init)).status;
}

describe('a bad query is refused, and nothing is written:', () => {
  const deep = Array.from({ length: 100 }, () => '1').join('.');
  it.each([
    ['a scalar twice', '&RequestId=2'],
    ['a list element twice', '&PermissionCodes.1=FORBID_WITHDRAW_CASH'],
    ['a list that is also a scalar', '&PermissionCodes=CHECK_FINANCE_INFO'],
    ['a scalar that is also a list', '&ParentUserId.1=1'],
    ['an object where a list belongs', '&PermissionCodes.x=1'],
    ['a list of objects', '&PermissionCodes.2.Code=1'],
    ['a path of nothing', '&PermissionCodes.=1'],
    ['a prototype in a list', '&PermissionCodes.__proto__=1'],
    ['a constructor in a list', '&PermissionCodes.constructor=1'],
    ['an unknown code far out', '&PermissionCodes.999999999=NONE'],
    ['an index beyond all', '&PermissionCodes.99999999999999999999=CHECK_FINANCE_INFO'],
    ['a negative index', '&PermissionCodes.-1=CHECK_FINANCE_INFO'],
    ['a depth of 100', `&PermissionCodes.${deep}=1`],
    [
      '900 codes that do not exist',
      `&${Array.from({ length: 900 }, (_, n) => `PermissionCodes.${n + 2}=x`).join('&')}`,
    ],
  ])('%s', async (_, more) => {
    expect(await refusedSigned((estate) => ({ query: queryOf(good(estate)) + more }))).toBe(400);
  });

  it.each([
    '',
    '0',
    '-1',
    '1.5',
    '1e15',
    '0x10',
    '9007199254740993',
    '99999999999999999999',
    'NaN',
    'Infinity',
    'null',
    '１',
  ])('a uid of "%s"', async (ParentUserId) => {
    expect(await refusedSigned((estate) => ({ query: queryOf({ ...good(estate), ParentUserId }) }))).toBe(400);
  });

  it.each(['%', '%zz', '%C3%28', '%ED%A0%80', 'a=%FF'])(
    'the escape %s, whoever seems to have signed it',
    async (malformed) => {
      const estate = await newParties();
      const [path, init] = signedRequest(estate.parent, { ...add, query: queryOf(good(estate)) });
      expect((await refusedAsIs(estate, `${path}&${malformed}`, init)).status).toBe(400);
    },
  );
});

it.each([
  '__proto__.1=x',
  'constructor=x',
  'PermissionCodes.7=FORBID_WITHDRAW_CASH',
  'PermissionCodes.999999999=CHECK_FINANCE_INFO',
])('a hostile name that means nothing, and a gap, do no harm: %s', async (more) => {
  const estate = await newParties();
  const request = signedRequest(estate.parent, { ...add, query: `${queryOf(good(estate))}&${more}` });
  expect((await estate.send(...request)).status).toBe(200);
  expect(Object.keys(Object.prototype)).toEqual([]);
});

describe('a bad body is refused, and nothing is written:', () => {
  const nested = (open: string, close: string, depth: number) => open.repeat(depth) + close.repeat(depth);
  it.each<[string, string | Uint8Array<ArrayBuffer>, string | undefined]>([
    ['a form that is not UTF-8', new Uint8Array([0x61, 0x3d, 0xff]), form],
    ['a form with a malformed escape', 'a=%zz', form],
    ['a parameter of the query again', 'RequestId=2', form],
    ['JSON that is not UTF-8', new Uint8Array([0x22, 0xff, 0x22]), json],
    ['JSON cut off', '{"a":', json],
    ['a JSON array', '[1]', json],
    ['JSON null', 'null', json],
    ['a JSON text', '"x"', json],
    ['a parameter of the query again, in JSON', '{"RequestId":"2"}', json],
    ['an object where a list belongs', '{"PermissionCodes":{"a":{"b":1}}}', json],
    ['JSON nested 10 deep', `{"a":${nested('[', ']', 10)}}`, json],
    ['arrays nested 50,000 deep', nested('[', ']', 50_000), json],
    ['objects nested 10,000 deep', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`, json],
    ['plain text', 'a=1', 'text/plain'],
    ['XML', '<a/>', 'text/xml'],
    ['a multipart form', '--x--', 'multipart/form-data; boundary=x'],
    ['a media type that is none', 'a=1', ';;;'],
    ['nothing that says what it is', 'a=1', undefined],
  ])('%s', async (_, body, contentType) => {
    const type = contentType === undefined ? {} : { contentType };
    const status = await refusedSigned((estate) => ({ query: queryOf(good(estate)), body, ...type }));
    expect([400, 415]).toContain(status);
  });

  it('10 MB, whether its length is told or it comes in chunks', async () => {
    const estate = await newParties();
    const body = new Uint8Array(10_000_000).fill(97);
    const [path, init] = signedRequest(estate.parent, {
      ...add,
      query: queryOf(good(estate)),
      body,
      contentType: form,
    });
    expect((await refusedAsIs(estate, path, init)).status).toBe(413);
    const withLength = {
      ...init,
      headers: { ...Object.fromEntries(new Headers(init.headers)), 'content-length': '10000000' },
    };
    expect((await refusedAsIs(estate, path, withLength)).status).toBe(413);
    const chunks = Array.from({ length: 100 }, () => body.subarray(0, 100_000));
    const chunked = { ...init, body: ReadableStream.from(chunks), duplex: 'half' } as const;
    expect((await refusedAsIs(estate, path, chunked)).status).toBe(413);
  });

  it('a text that no UTF-8 can hold', async () => {
    const wire = (estate: Parties) => ({
      body: JSON.stringify({ ...good(estate), ChildNick: '\ud800' }),
      contentType: json,
    });
    expect(await refusedSigned(wire)).toBe(400);
  });
});

describe('a request is refused that is', () => {
  it.each(['PUT', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH'])('a %s', async (method) => {
    expect(await refusedSigned((estate) => ({ method, query: queryOf(good(estate)) }))).toBe(405);
  });

  it.each([
    ['AddAccountRelations', '2017-12-14', 404],
    ['addaccountrelation', '2017-12-14', 404],
    ['constructor', '2017-12-14', 404],
    ['AddAccountRelation', '2017-12-15', 404],
    ['AddAccountRelation', '2026-01-01', 404],
    ['', '2017-12-14', 400],
    ['AddAccountRelation', '', 400],
  ])('for the operation "%s" of version "%s"', async (action, version, status) => {
    expect(await refusedSigned((estate) => ({ action, version, query: queryOf(good(estate)) }))).toBe(status);
  });

  it.each([
    '/bss',
    '/bss/',
    '/bss/AddAccountRelation/',
    '/bss/Nothing',
    '/operator/AddAccountRelation',
    '//',
    '/%2e%2e/x',
  ])('sent to %s and names no operation', async (path) => {
    const estate = await newParties();
    const init = { method: 'POST', headers: { host: 'tributary.test' } };
    await refusedAsIs(estate, path, init);
  });

  it.each([
    ['a nonce', { nonce: 'n'.repeat(3_000) }, 'parent'],
    ['an access key id', {}, 'unknown'],
  ] as const)('signed with %s longer than any key of the table', async (_, wire, who) => {
    const estate = await newParties();
    const by = who === 'parent' ? estate.parent : { ...estate.parent, keyId: 'K'.repeat(3_000) };
    const [path, init] = signedRequest(by, { ...add, query: queryOf(good(estate)), ...wire });
    await refusedAsIs(estate, path, init);
  });
});

it('a list of statuses, however often repeated, is a set', async () => {
  const { parent, send } = await newParties();
  const statuses = Array.from({ length: 900 }, (_, n) => `StatusList.${n + 1}=${n % 2 ? 'RELATED' : 'CONFIRMING'}`);
  const query = `UserId=${parent.uid}&${statuses.join('&')}`;
  const wire = { action: 'QueryRelationList', version: '2017-12-14', query };
  expect((await send(...signedRequest(parent, wire))).status).toBe(200);
});

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('', '0', '-1', '1e3', '9007199254740993', 'true', 'trusteeship', '__proto__', '\u0000', '\uFFFF'),
  fc.integer().map(String),
);

describe.each(operations.map((operation, nth) => [operation.action, operation, nth] as const))(
  '%s',
  (_, operation, nth) => {
    it('is never a fault, whatever becomes of its parameters, and writes nothing when it is refused', async () => {
      const { estate, example } = await stage(operation);
      let before = await estate.dump();
      const own = [...Object.keys(example.params), ...parametersOf(operation)];
      const common = ['ClientToken', 'DryRun', 'Format', 'RequestId'];
      const names = [...own, ...own.map((parameter) => `${parameter}.1`), ...common];
      const name = fc.oneof(fc.constantFrom(...names), fc.string({ unit: 'binary', maxLength: 12 }));
      const changes = fc.array(fc.tuple(name, text, fc.jsonValue()), { minLength: 1, maxLength: 4 });
      const forms = fc.constantFrom('query', 'form', 'JSON body');
      await fc.assert(
        fc.asyncProperty(changes, forms, async (changed, carrier) => {
          const kept = Object.entries(example.params).filter(([key]) => !changed.some(([dropped]) => dropped === key));
          const texts = new URLSearchParams(changed.map(([key, value]): [string, string] => [key, value]));
          const query = `${queryOf(Object.fromEntries(kept))}&${texts}`;
          const values = changed.map(([key, , value]): [string, unknown] => [key, value]);
          const body = JSON.stringify(Object.fromEntries([...kept, ...values]));
          const wires: Record<typeof carrier, Wire> = {
            query: { query },
            form: { query: '', body: query, contentType: form },
            'JSON body': { query: '', body, contentType: json },
          };
          const response = await estate.send(...requestOf(operation, example, wires[carrier]));
          expect(response.status, JSON.stringify(estate.logged.at(-1))).toBeLessThan(500);
          const after = await estate.dump();
          if (response.status >= 400) expect(after).toEqual(before);
          before = after;
        }),
        // Each operation meets changes of its own.
        { numRuns: times(20, 3), seed: 20_250_302 + nth },
      );
    });
  },
);
