import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { operations } from '#functions/rpc.ts';
import { alibabaErrors } from '#lib/dialects/alibaba/errors.ts';
import { volcengineErrors } from '#lib/dialects/volcengine/errors.ts';
import type { Reason } from '#lib/errors.ts';

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

it.each(operations.map((operation) => [operation.action, operation] as const))(
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

/** Facts enough for the message of any reason. */
const facts = {
  action: 'A',
  product: 'p',
  version: 'v',
  method: 'M',
  limitBytes: 1,
  mediaType: 'm',
  parameter: 'Action',
  alternatives: 'A or B',
  fact: 'policy',
  party: 'child',
  policy: 'management',
  uid: 1,
  email: 'e',
  keyId: 'k',
  alias: 'a',
  lentCredit: 1,
} as const;

/** What any operation of billing may answer, be it of the gateway (reference volcengine-billing 7) or of the service itself. */
const gatewayCodes = [
  'AccessDenied',
  'DryRunOperation',
  'IdempotentParameterMismatch',
  'InvalidActionOrVersion',
  'InvalidNonce',
  'MethodNotAllowed',
  'RequestBodyTooLarge',
  'ServiceUnavailableTemp',
];
const general = ['MissingParameter', 'ParamInvalid', 'InternalServerError'];
const authority = 'OperationDenied.OperatorNoAuthority';

/** The codes on each operation's page; of the two pages that are known in part, those in reference volcengine-billing 6. */
const codesOf: Readonly<Record<string, readonly string[]>> = {
  CreateFinancialRelation: [
    ...general,
    'OperationDenied.OrderExist',
    'OperationDenied.FinanceManagementSubExcludeCorpFinance',
    'OperationDenied.TrusteeshipMajorExcludeTrusteeshipSub',
    'OperationDenied.AccountAliasExist',
    'OperationDenied.TrusteeshipCertificationMismatch',
    'OperationDenied.TrusteeshipMajorArrears',
    'OperationDenied.TrusteeshipSubArrears',
    'OperationDenied.TrusteeshipSubExcludeTrusteeshipMajor',
    'OperationDenied.MajorFrozen',
  ],
  ListFinancialRelation: general,
  CancelInvitation: [...general, authority],
  HandleInvitation: [...general, 'OperationDenied.FinanceManagementSubExcludeCorpFinance'],
  ListInvitation: general,
  DeleteFinancialRelation: [
    ...general,
    'OperationDenied.OrderExist',
    'OperationDenied.TrusteeshipMajorArrears',
    'OperationDenied.AccountRelationNotExist',
    'OperationDenied.UpdatingAuth',
    'OperationDenied.FinanceManagementTakeBackFail',
    'OperationDenied.TrusteeshipSubArrears',
  ],
  UpdateAuth: [
    ...general,
    authority,
    'OperationDenied.AuthUpdateInvalidExistUpdatingAuth',
    'OperationDenied.FinanceManagementAuthTypeInValid',
  ],
  CleanUpFinancialRelation: ['MissingParameter', 'InvalidParam', 'InternalError'],
};

const billing = operations.filter(({ product }) => product.name === 'billing');

it.each(billing.map((operation) => [operation.action, operation] as const))(
  '%s answers with the codes of its page, each of them, and with no other',
  (action, { catalogue = volcengineErrors, errors }) => {
    const reasons = [...common, ...errors].filter((reason): reason is Reason => reason in catalogue);
    const answered = new Set(reasons.map((reason) => catalogue[reason](facts).code));
    const own = [...answered].filter((code) => !gatewayCodes.includes(code));
    expect(own.toSorted()).toEqual(codesOf[action]?.toSorted());
  },
);

it('no answer of either vendor is without a status of failure, a code and a message', () => {
  const catalogues = [alibabaErrors, volcengineErrors, ...billing.flatMap(({ catalogue }) => catalogue ?? [])];
  for (const errors of catalogues) {
    for (const reason of Object.keys(errors).filter((name): name is Reason => name in errors)) {
      const { status, code, message } = errors[reason](facts);
      expect(status, reason).toBeGreaterThanOrEqual(400);
      expect(code).toMatch(/^[A-Z][A-Za-z.]+$/);
      expect(message).toMatch(/\S/);
      expect(message).not.toContain('undefined');
    }
  }
});
