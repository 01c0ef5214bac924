import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { described } from '#test/support/openApi.ts';

interface Captured {
  readonly client: string;
  readonly call: string;
  readonly case: string;
  readonly response: { readonly status: number; readonly body: string };
}

const { cases }: { cases: Captured[] } = JSON.parse(
  readFileSync(new URL('../vectors/sdk-responses.json', import.meta.url), 'utf8'),
);
const { answerFaults, operations } = described();

/** Captured answers that are not as we answer: they show what clients do with those that lack fields, or have other types or codes. */
const differing: Readonly<Record<string, 'lacks fields' | 'has others'>> = {
  'Code other than success inside HTTP 200: NOT an exception': 'lacks fields',
  'Data null is skipped': 'has others',
  'HTTP 500 without Code is NOT an exception': 'lacks fields',
  'Tags wrapped as {Tag:[...]}: the client throws': 'has others',
  'any other Code is an exception even with HTTP 200': 'lacks fields',
  'business failure inside HTTP 200: NOT an exception': 'lacks fields',
  'camelCase error fields': 'lacks fields',
  'camelCase field names are ignored': 'lacks fields',
  'error inside HTTP 200': 'lacks fields',
  'integers of more than 15 digits become BigNumber objects': 'lacks fields',
  'list given as an object: the client throws': 'has others',
  'numbers given as digit strings are converted': 'has others',
  'opaque text id: the client throws': 'has others',
  "success with Code '200'": 'lacks fields',
  "success with Code 'Success'": 'lacks fields',
  'success without Code': 'lacks fields',
  'success, Account.Tags is a plain array': 'lacks fields',
  'time given as ISO text: the client throws': 'has others',
  'unknown extra fields are ignored': 'lacks fields',
  // The result is within the metadata, too (docs/decisions.md D28).
  'DeleteFinancialRelation, success': 'lacks fields',
  // Our code is InternalServerError.
  'DeleteFinancialRelation, server error': 'has others',
};

const replayed = cases.flatMap(({ call, case: name, client, response: { body, status } }) => {
  const [action = ''] = call.split(' ');
  const path = operations.map(([one]) => one).find((one) => one.endsWith(`/${action}`));
  // Pages of proxies, and an XML of which the documents say no more than that there is one.
  if (path === undefined || !body.startsWith('{')) return [];
  const as = differing[`${action}, ${name}`] ?? differing[name] ?? 'is whole';
  return [{ client, action, name, as, faults: answerFaults(path, status, JSON.parse(body)) }];
});

describe('a captured answer, read by the OpenAPI documents,', () => {
  test.each(replayed)('$as: $client, $action, $name', ({ as, faults }) => {
    const others = faults.filter((fault) => !fault.includes('must have required property'));
    const found = others.length > 0 ? 'has others' : faults.length > 0 ? 'lacks fields' : 'is whole';
    expect({ found, faults }).toEqual({ found: as, faults });
  });

  test('is of every operation that has one', () => {
    const known = new Set(operations.map(([path]) => path.replace(/^.*\//, '')));
    const captured = new Set(cases.map(({ call }) => call.replace(/ .*$/, '')).filter((action) => known.has(action)));
    expect(new Set(replayed.map(({ action }) => action))).toEqual(captured);
  });
});
