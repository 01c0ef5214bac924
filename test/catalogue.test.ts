import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { operations } from '#functions/rpc.ts';
import { alibabaErrors } from '#lib/dialects/alibaba/errors.ts';

/** What any operation may answer, so that none declares it. */
const common = [
  'ActionUnknown',
  'ActionMissing',
  'MethodNotAllowed',
  'BodyTooLarge',
  'BodyUnreadable',
  'QueryUnreadable',
  'ParameterMissing',
  'ParameterInvalid',
  'ParameterRepeated',
  'FormatUnknown',
  'NonceUsed',
  'TokenReused',
  'DryRunPassed',
  'CallerNotOperator',
  'CallerNotAccount',
  'Busy',
  'Internal',
];

const root = new URL('../', import.meta.url);
const sourceOf = (path: string) => readFileSync(new URL(path, root), 'utf8');

/** The source of the product but for catalogues, which only say how reasons are answered, and the lists of operations. */
const sources = ['lib', 'functions'].flatMap((folder) =>
  readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('rrors.ts'))
    .map((file) => sourceOf(`${folder}/${file}`).replace(/^ {2}errors: \[[^\]]*\],$/m, '')),
);

const catalogue = Object.keys(alibabaErrors);

/** The reasons a source throws by name. */
function thrownIn(source: string): string[] {
  return [...source.matchAll(/new Refusal\('(\w+)'/g)].map(([, reason]) => reason ?? '');
}

it('no reason is in the catalogue that nothing in the product gives', () => {
  const unused = catalogue.filter((reason) => !sources.some((source) => source.includes(`'${reason}'`)));
  expect(unused).toEqual([]);
});

it('every reason is either common or declared by an operation, never both', () => {
  const declared = new Set<string>(operations.flatMap(({ errors }) => errors));
  expect(catalogue.filter((reason) => !declared.has(reason) && !common.includes(reason))).toEqual([]);
  expect(common.filter((reason) => declared.has(reason))).toEqual([]);
  expect(common.filter((reason) => !catalogue.includes(reason))).toEqual([]);
});

it.each(operations.map((operation) => [operation.action, operation] as const))(
  '%s declares what its own file throws, and nothing twice',
  (action, { errors, product }) => {
    const expected = new Set<string>([...common, ...errors]);
    const thrown = thrownIn(sourceOf(`functions/${product.name}/${action}.ts`));
    expect(thrown.filter((reason) => !expected.has(reason))).toEqual([]);
    expect(new Set(errors).size).toBe(errors.length);
  },
);

const testedHere = operations.filter(({ product }) => ['bss', 'operator'].includes(product.name));

it.each(testedHere.map((operation) => [operation.action, operation] as const))(
  '%s has a test that names each reason it declares',
  (action, { errors, product }) => {
    const test = `test/${product.name}/${action}.test.ts`;
    const source = existsSync(new URL(test, root)) ? sourceOf(test) : '';
    expect(errors.filter((reason) => !namedIn(source, reason))).toEqual([]);
  },
);

/** Tests name a reason outright, or by the expectation in test/support/refusals.ts that has its name in lower camel case. */
function namedIn(source: string, reason: string): boolean {
  const expectation = { AlternativesMissing: 'lacking|noRelationNamed', RelationOtherwise: 'disagreeing' }[reason];
  const camel = reason.charAt(0).toLowerCase() + reason.slice(1);
  return new RegExp(`\\b(?:${[reason, camel, ...(expectation ? [expectation] : [])].join('|')})\\b`).test(source);
}
