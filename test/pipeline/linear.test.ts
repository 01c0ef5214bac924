import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { operations, app as rpc } from '#infra/operations.ts';
import { compactTime } from '#lib/auth/canonical.ts';
import { receive, receiveRaw } from '#lib/auth/received.ts';
import { alibaba } from '#lib/dialects/alibaba/dialect.ts';
import type { Dialect, Parameter } from '#lib/dialects/dialect.ts';
import { inputOf } from '#lib/dialects/fields.ts';
import { volcengine } from '#lib/dialects/volcengine/dialect.ts';
import { itemKinds } from '#lib/domain/governance/catalogue.ts';
import { Refusal } from '#lib/errors.ts';
import { answerOf } from '#lib/pipeline/service.ts';
import { type Estate, newEstate } from '#test/support/estate.ts';
import { parametersOf, signedRequest } from '#test/support/everyOperation.ts';

const KIB = 1024;
const LARGEST = 256 * KIB;
const MAX_PARAMETERS = 1000;
/** The emulator takes heads of up to 1 MiB; API Gateway of 10 KiB. */
const LONGEST_HEADER = 900 * KIB;
const json = 'application/json';
const form = 'application/x-www-form-urlencoded';
const dialects: readonly Dialect[] = [alibaba, volcengine];

/** Node counts its own CPU time, which the load of others does not lengthen as it does the time of the wall; ms. */
function cpuMsOf(work: () => unknown): number {
  const { user: before, system } = process.cpuUsage();
  work();
  const after = process.cpuUsage();
  return (after.user - before + after.system - system) / 1000;
}

/** The least of several, as a collection of garbage may come in between. */
function leastCpuMs(work: () => unknown): number {
  return Math.min(...Array.from({ length: 5 }, () => cpuMsOf(work)));
}

/** What becomes of a request's parameters. Only a refusal may be thrown. */
function read(dialect: Dialect, query: string, body: string, contentType: string): string {
  const headers = new Headers({ 'content-type': contentType });
  const received = receiveRaw({ method: 'POST', url: `/?${query}`, headers, body: Buffer.from(body) });
  const { formPairs, hasTooManyParameters, queryPairs } = received;
  if (hasTooManyParameters || queryPairs === undefined || formPairs === undefined) return 'refused before';
  try {
    dialect.parameters({ ...received, queryPairs, formPairs });
    return 'read';
  } catch (error) {
    if (error instanceof Refusal) return error.reason;
    throw error;
  }
}

/** A shape of input, in any size. */
type Shape = (size: number) => string;
const filled =
  (unit: string): Shape =>
  (size) =>
    unit.repeat(Math.ceil(size / unit.length)).slice(0, size);
const numbered =
  (of: (n: number) => string, joint: string): Shape =>
  (size) => {
    const parts: string[] = [];
    for (let length = 0, n = 1; length < size; n++) length += parts[parts.push(of(n)) - 1]?.length ?? 0;
    return parts.join(joint);
  };
const texts: Readonly<Record<string, Shape>> = {
  'nothing but &': filled('&'),
  'the same bare name': filled('a&'),
  'the same name': filled('a=1&'),
  'one name of dots': filled('a.'),
  'one name of digits and dots': filled('1.'),
  'one value': (size) => `a=${filled('x')(size - 2)}`,
  'one value of escapes': (size) => `a=${filled('%41')(size - (size % 3) - 3)}`,
  'one value of plus signs': (size) => `a=${filled('+')(size - 2)}`,
  'numbered members': numbered((n) => `Status.${n}=1`, '&'),
  'names that share a long beginning': numbered((n) => `${'x'.repeat(KIB)}.${n}=1`, '&'),
  'a few hundred long members': numbered((n) => `${'L'.repeat(400)}.${n}.Key=${'v'.repeat(200)}`, '&'),
};
const documents: Readonly<Record<string, Shape>> = {
  'a long list': (size) => `{"a":[${filled('1,')(size - 10)}1]}`,
  'many members': (size) => `{${numbered((n) => `"k${n}":1`, ',')(size)}}`,
  'a long name over a list': (size) => `{"${'n'.repeat(size / 2)}":[${filled('1,')(size / 4)}1]}`,
  'a long name over a list that is not too long': (size) =>
    `{"${'n'.repeat(size - 2 * KIB)}":[${filled('1,')(1800)}1]}`,
  'lists in lists': (size) => `{"a":${'['.repeat(size / 2)}${']'.repeat(size / 2)}}`,
  'objects in objects': (size) => `${'{"a":'.repeat(size / 6)}1${'}'.repeat(size / 6)}`,
  'a name of dots': (size) => `{"${filled('a.')(size)}":1}`,
  'a long text': (size) => `{"a":"${filled('x')(size)}"}`,
  'a text of quotation marks': (size) => `{"a":"${filled('\\"')(2 * Math.floor(size / 2))}"}`,
  'a long number': (size) => `{"a":${filled('1')(size)}}`,
  'long numbers': (size) => `{"a":[${numbered(() => '12345678901234567890.5', ',')(Math.min(size, 8 * KIB))}]}`,
  'what breaks off': (size) => `{"a":"${filled('\\"')(size)}`,
  'an opening brace and a form': (size) => `{${filled('a&')(size)}`,
};

describe.each(dialects.map((dialect) => [dialect.vendor, dialect] as const))(
  '256 KiB in the form of %s',
  (_, dialect) => {
    test.each(Object.entries(texts))('are read in time as a query or form of %s', (__, shape) => {
      const text = shape(LARGEST);
      expect(leastCpuMs(() => read(dialect, text, '', form))).toBeLessThan(20);
      expect(leastCpuMs(() => read(dialect, '', text, form))).toBeLessThan(20);
    });

    test.each(Object.entries(documents))('are read in time as JSON of %s', (__, shape) => {
      const text = shape(LARGEST);
      expect(leastCpuMs(() => read(dialect, '', text, json))).toBeLessThan(20);
    });

    test('are read or refused, never a fault, whatever they are made of', () => {
      const unit = fc.oneof(
        fc.constantFrom(
          '&',
          '=',
          '.',
          '%',
          '%41',
          '+',
          'a',
          'a.1=',
          '.1.',
          '{',
          '}',
          '[',
          ']',
          '"',
          ':',
          ',',
          '\\',
          '1',
          '-',
          '__proto__=',
        ),
        fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }),
      );
      const units = fc.array(unit, { minLength: 1, maxLength: 12 }).map((parts) => parts.join(''));
      fc.assert(
        fc.property(units, units, fc.constantFrom(json, form, ''), (head, tail, contentType) => {
          const text = `${head}${filled(tail)(LARGEST)}`.slice(0, LARGEST);
          expect(cpuMsOf(() => read(dialect, '', text, contentType))).toBeLessThan(100);
        }),
        { numRuns: 60 },
      );
    });

    test('cost no more than thrice as much as half of them', () => {
      for (const [name, shape] of [...Object.entries(texts), ...Object.entries(documents)]) {
        const type = name in texts ? form : json;
        const [whole, half] = [shape(LARGEST), shape(LARGEST / 2)];
        const least = (text: string) =>
          Math.max(
            leastCpuMs(() => read(dialect, '', text, type)),
            1,
          );
        expect(least(whole) / least(half), name).toBeLessThan(4);
      }
    });
  },
);

/** What one parameter may hold, whoever reads it. */
const values: Readonly<Record<string, Parameter>> = {
  'a long text': filled('x')(LARGEST),
  'a text of accents': 'a'.padEnd(LARGEST / 2, '\u0301'),
  'a text of dots': filled('a.')(LARGEST),
  'a comma-joined list': filled('1,')(LARGEST),
  'a comma-joined list of what is none': filled('x,')(LARGEST),
  'a JSON list': `[${filled('1,')(LARGEST - 4)}1]`,
  'a JSON list of objects': `[${filled('{},')(LARGEST - (LARGEST % 3) - 6)}{}]`,
  'JSON lists in lists': `${'['.repeat(LARGEST / 2)}${']'.repeat(LARGEST / 2)}`,
  'a list of texts': Array<string>(MAX_PARAMETERS).fill('x'.repeat(250)),
};

describe.each(operations.map((operation) => [operation.action, operation] as const))('%s', (_, operation) => {
  test('looks at 256 KiB of any parameter in time', () => {
    for (const parameter of parametersOf(operation)) {
      for (const [name, value] of Object.entries(values)) {
        const look = () => {
          try {
            inputOf(operation.input, { [parameter]: value });
          } catch (error) {
            if (!(error instanceof Refusal)) throw error;
          }
        };
        const first = cpuMsOf(look);
        expect(first < 20 ? first : leastCpuMs(look), `${parameter} of ${name}`).toBeLessThan(20);
      }
    }
  });
});

test('a configuration of a baseline is looked at in time, however long its names', () => {
  const config = JSON.stringify({ Contacts: [{ Name: 'x'.repeat(32_000) }] });
  for (const { accepts } of itemKinds) expect(leastCpuMs(() => accepts(config))).toBeLessThan(20);
});

describe('more parameters than any operation takes are refused', () => {
  const pairs = (count: number) => Array.from({ length: count }, (_, n) => `Unknown${n}=x`).join('&');
  const members = (count: number) =>
    JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, n) => [`Unknown${n}`, 'x'])));

  test.each([
    ['in the query', { query: pairs(MAX_PARAMETERS + 1) }],
    ['in a form', { body: pairs(MAX_PARAMETERS + 1), contentType: form }],
    [
      'in query and form together',
      { query: pairs(600), body: pairs(401).replaceAll('Unknown', 'Other'), contentType: form },
    ],
    ['in JSON', { body: members(MAX_PARAMETERS + 1), contentType: json }],
    ['deep in JSON', { body: JSON.stringify({ a: { b: Array(MAX_PARAMETERS).fill(1) } }), contentType: json }],
  ])('%s, in the words of the vendor', async (_, wire) => {
    const estate = await newEstate();
    const caller = await estate.account('Acme');
    const before = await estate.dump();
    for (const [action, version, expected] of [
      [
        'QueryRelationList',
        '2017-12-14',
        { Code: 'InvalidParameter', Message: 'The request has more than 1000 parameters.' },
      ],
      ['ListInvitation', '2022-01-01', { ResponseMetadata: { Error: { Code: 'ParamInvalid' } } }],
    ] as const) {
      const response = await estate.send(...signedRequest(caller, { action, version, ...wire }));
      expect({ status: response.status, body: await response.json() }).toMatchObject({ status: 400, body: expected });
    }
    expect(await estate.dump()).toEqual(before);
  });

  test('and not one fewer', async () => {
    const estate = await newEstate();
    const caller = await estate.account('Acme');
    const [action, version] = ['QueryRelationList', '2017-12-14'];
    const query = `${pairs(MAX_PARAMETERS - 1)}&UserId=${caller.uid}`;
    expect((await estate.send(...signedRequest(caller, { action, version, query }))).status).toBe(200);
  });

  test('whoever sends them, before a signature is looked at', async () => {
    const estate = await newEstate();
    const response = await estate.send(`/?Action=QueryRelationList&Version=2017-12-14&${pairs(MAX_PARAMETERS)}`);
    expect(await response.json()).toMatchObject({ Reason: 'TooManyParameters' });
  });
});

const credentials = (fields: object) =>
  Object.entries(fields)
    .map(([name, value]) => `${name}=${value}`)
    .join(',');
const floods: Readonly<Record<string, string>> = {
  commas: `HMAC-SHA256 ${','.repeat(LONGEST_HEADER)}`,
  slashes: `HMAC-SHA256 Credential=${'/'.repeat(LONGEST_HEADER)}`,
  'names of headers': `HMAC-SHA256 SignedHeaders=${filled('a;')(LONGEST_HEADER)}a`,
  'one name again and again, of a key that exists': `HMAC-SHA256 ${credentials({
    Credential: 'KEY/20261126/r/s/request',
    SignedHeaders: `x-date;${filled('x-long;')(LONGEST_HEADER / 8)}host`,
    Signature: 'a'.repeat(64),
  })}`,
};

test.each(Object.entries(floods))('an Authorization of %s costs at most 10 ms', async (_, authorization) => {
  const estate = await newEstate();
  const { keyId } = await estate.account('Acme');
  const nowMs = Date.now();
  const day = compactTime(nowMs).slice(0, 8);
  const headers = new Headers({
    host: 'tributary.test',
    authorization: authorization.replace('KEY/20261126', `${keyId}/${day}`),
    'x-date': compactTime(nowMs),
    'x-long': 'x'.repeat(LONGEST_HEADER / 4),
  });
  const url = '/?Action=ListInvitation&Version=2022-01-01';
  const costs: number[] = [];
  for (let round = 0; round < 5; round++) {
    const { user, system } = process.cpuUsage();
    const received = receiveRaw({ method: 'GET', url, headers, body: new Uint8Array() });
    const { status } = await answerOf(rpc, received, estate.deps);
    const after = process.cpuUsage();
    expect([400, 401]).toContain(status);
    costs.push((after.user - user + after.system - system) / 1000);
  }
  expect(Math.min(...costs)).toBeLessThan(10);
});

test('a refused call that nobody signed costs at most 10 ms, whatever it carries', async () => {
  const estate = await newEstate();
  const bodies = [...Object.values(texts), ...Object.values(documents)].map((shape) => shape(LARGEST - 16));
  for (const body of bodies) {
    const costs: number[] = [];
    for (let round = 0; round < 5; round++) {
      const { user, system } = process.cpuUsage();
      const headers = { host: 'tributary.test', 'content-type': round % 2 ? form : json };
      const response = await estate.send('/?Action=ListInvitation&Version=2022-01-01', {
        method: 'POST',
        headers,
        body,
      });
      const after = process.cpuUsage();
      expect(response.status).toBeGreaterThanOrEqual(400);
      costs.push((after.user - user + after.system - system) / 1000);
    }
    expect(Math.min(...costs), body.slice(0, 40)).toBeLessThan(10);
  }
});

describe('a call whose signature somebody has made up', () => {
  /** The names of headers to be signed, and headers that are as long or as many. */
  const heads: Readonly<Record<string, { names: string; headers: readonly (readonly [string, string])[] }>> = {
    'the same name again and again': {
      names: ';a'.repeat(2500),
      headers: [['a', 'v '.repeat(2500)]],
    },
    'the same long name a few hundred times': {
      names: `;${'b'.repeat(100)}`.repeat(300),
      headers: [['b'.repeat(100), 'v '.repeat(50 * KIB)]],
    },
    'thousands of names over thousands of headers': {
      names: Array.from({ length: 10_000 }, (_, n) => `;q${n}`).join(''),
      headers: ['acs', 'amz'].flatMap((kind) =>
        Array.from({ length: 1000 }, (_, n) => [`x-${kind}-${n}`, 'v'] as const),
      ),
    },
  };
  const base =
    'host;x-date;x-amz-date;x-acs-action;x-acs-version;x-acs-date;x-acs-signature-nonce;x-acs-content-sha256';
  const signature = 'a'.repeat(64);

  function headersOf(scheme: string, keyId: string, names: string): Map<string, string[]> {
    const time = `${new Date().toISOString().slice(0, 19)}Z`;
    const compact = time.replace(/[-:]/g, '');
    const day = compact.slice(0, 8);
    const credential = {
      'ACS3-HMAC-SHA256': keyId,
      'HMAC-SHA256': `${keyId}/${day}/r/billing/request`,
      'AWS4-HMAC-SHA256': `${keyId}/${day}/r/tributary/aws4_request`,
    }[scheme];
    const sent = {
      authorization: `${scheme} Credential=${credential},SignedHeaders=${base}${names},Signature=${signature}`,
      host: 'tributary.test',
      'x-date': compact,
      'x-amz-date': compact,
      'x-acs-action': 'GetAccountRelation',
      'x-acs-version': '2017-12-14',
      'x-acs-date': time,
      'x-acs-signature-nonce': 'once',
      'x-acs-content-sha256': signature,
    };
    return new Map(Object.entries(sent).map(([name, value]) => [name, [value]]));
  }

  async function costOf(estate: Estate, sent: Partial<Parameters<typeof receive>[0]>): Promise<number> {
    const plain = { method: 'POST', path: '/', query: '', headers: new Map(), body: new Uint8Array(), sourceIp: '' };
    const costs: number[] = [];
    for (let round = 0; round < 5; round++) {
      const { user, system } = process.cpuUsage();
      const { status } = await answerOf(rpc, receive({ ...plain, ...sent }), estate.deps);
      const after = process.cpuUsage();
      expect([400, 401, 403]).toContain(status);
      costs.push((after.user - user + after.system - system) / 1000);
    }
    return Math.min(...costs);
  }

  const schemes = ['ACS3-HMAC-SHA256', 'HMAC-SHA256', 'AWS4-HMAC-SHA256'];

  test.each(schemes.flatMap((scheme) => Object.keys(heads).map((head) => [scheme, head] as const)))(
    'by %s costs little, though it signs %s',
    async (scheme, head) => {
      const estate = await newEstate();
      const { keyId } = await estate.account('Acme');
      const { headers: more, names } = heads[head] ?? { names: '', headers: [] };
      const listed = [...new Set(more.map(([name]) => name))].map((name) => `;${name}`).join('');
      const headers = headersOf(scheme, keyId, names.startsWith(';q') ? names + listed : names);
      for (const [name, value] of more) headers.set(name, [value]);
      const query = 'Action=ListInvitation&Version=2022-01-01';
      expect(await costOf(estate, { headers, query })).toBeLessThan(20);
    },
  );

  test('costs little in a query of characters that clients escape and JavaScript does not', async () => {
    const estate = await newEstate();
    const { keyId } = await estate.account('Acme');
    const query = `Action=ListInvitation&Version=2022-01-01&Note=${filled('(')(LARGEST - KIB)}`;
    expect(await costOf(estate, { headers: headersOf('HMAC-SHA256', keyId, ''), query })).toBeLessThan(50);
  });
});

describe('a parameter of 240 KiB is read or refused in time, whatever it is for', () => {
  const size = 240 * KIB;
  const values: Readonly<Record<string, string | readonly string[]>> = {
    letters: filled('a')(size),
    'marks over one letter': `e${filled('\u0301')(size / 2)}`,
    'members between commas': filled('1,')(size),
    'text of a list of nothing': `[${'{},'.repeat(size / 3 - 2)}{}]`,
    'text of opening brackets': filled('[')(size),
    'a list of long members': Array.from({ length: 240 }, () => filled('a')(KIB - 8)),
    'an item whose configuration has one long name': JSON.stringify([
      {
        Name: 'ACS-BP_ACCOUNT_FACTORY_ACCOUNT_CONTACT',
        Config: JSON.stringify({ Contacts: [{ Name: filled('a')(31 * KIB) }] }),
      },
    ]),
  };

  test.each(operations.map((operation) => [operation.action, operation] as const))('by %s', (_, operation) => {
    for (const name of parametersOf(operation)) {
      for (const [label, value] of Object.entries(values)) {
        const reading = () => {
          try {
            inputOf(operation.input, { [name]: value });
          } catch (error) {
            if (!(error instanceof Refusal)) throw error;
          }
        };
        expect(leastCpuMs(reading), `${name}: ${label}`).toBeLessThan(20);
      }
    }
  });
});
