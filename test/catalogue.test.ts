import { describe, expect, it, test } from 'vitest';
import { operations } from '#infra/operations.ts';
import { answerTo, commonReasons, type ErrorAnswer, isCommon, type Reason, Refusal, reasonsIn } from '#lib/errors.ts';
import type { Operation } from '#lib/pipeline/declaration.ts';

const cases = operations.map((operation) => [operation.action, operation] as const);
const products = [...new Set(operations.map(({ product }) => product))];

/** Facts enough for the message of any reason. */
const facts = {
  action: 'A',
  product: 'p',
  version: 'v',
  method: 'M',
  limitBytes: 1,
  most: 1,
  path: '/',
  mediaType: 'm',
  parameter: 'Action',
  fault: 'value',
  alternatives: 'A or B',
  fact: 'policy',
  party: 'child',
  policy: 'management',
  uid: 1,
  email: 'e',
  keyId: 'k',
  alias: 'a',
  lentCredit: 1,
  least: 20,
  name: 'n',
  blueprint: 'b',
  item: 'i',
  dependency: 'd',
} as const;

/** An operation's answer to a reason; undefined if no catalogue has words for it. */
function wordsOf({ catalogue = {}, product }: Operation, reason: Reason): ErrorAnswer | undefined {
  return answerTo(new Refusal(reason, facts), [catalogue, product.errors]);
}

describe.each(products.map((product) => [product.name, product] as const))('%s', (_, product) => {
  const own = operations.filter((operation) => operation.product === product);

  it('has words for what any operation may refuse for and for what its own declare, and for nothing else', () => {
    const spoken = new Set<string>([...commonReasons, ...own.flatMap(({ errors }) => errors)]);
    expect(reasonsIn(product.errors).toSorted()).toEqual([...spoken].toSorted());
  });

  it('gives each answer a status of failure, a code and a message', () => {
    for (const operation of own) {
      for (const reason of [...commonReasons, ...operation.errors]) {
        const { status, code, message } = wordsOf(operation, reason) ?? {};
        expect(status, reason).toBeGreaterThanOrEqual(400);
        expect(code).toMatch(/^[A-Z][A-Za-z.]+$/);
        expect(message).toMatch(/\S/);
        expect(message).not.toContain('undefined');
      }
    }
  });
});

test.each(cases)('%s declares nothing twice, and nothing that any operation may refuse for', (_, { errors }) => {
  expect(errors).toEqual([...new Set(errors)]);
  expect(errors.filter(isCommon)).toEqual([]);
});

test.each(cases)('%s has words of its own only for what it may refuse for', (_, { catalogue = {}, errors }) => {
  const replaced = reasonsIn(catalogue);
  expect(replaced.filter((reason) => !isCommon(reason) && !errors.includes(reason))).toEqual([]);
});

/**
 * Codes that any operation of billing may answer, from the gateway (docs/vendors/volcengine-billing.md 7) or from the
 * service itself.
 */
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

/**
 * The codes on each operation's page. Two pages are known only in part; theirs are those of
 * docs/vendors/volcengine-billing.md 6.
 */
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
  (action, operation) => {
    const answers = [...commonReasons, ...operation.errors].map((reason) => wordsOf(operation, reason)?.code ?? '');
    const own = [...new Set(answers)].filter((code) => !gatewayCodes.includes(code));
    expect(own.toSorted()).toEqual(codesOf[action]?.toSorted());
  },
);
