import { type AcceptedParameter, acceptedParameters } from '#infra/acceptedParameters.ts';
import { shapeOf } from '#infra/schemaShape.ts';
import { permissions } from '#lib/domain/relation/permissions.ts';
import { policies, relationStatuses } from '#lib/domain/relation/relation.ts';
import {
  answerTo,
  commonReasons,
  type ErrorAnswer,
  type ErrorCatalogue,
  type Reason,
  type Reasons,
  Refusal,
} from '#lib/errors.ts';
import type { Operation } from '#lib/pipeline/declaration.ts';
import { productVersions, versionsOf } from '#lib/pipeline/route.ts';
import { billing } from '#lib/products/billing/product.ts';
import * as volcengine from '#lib/products/billing/vocabulary.ts';
import { bss } from '#lib/products/bss/product.ts';
import * as alibaba from '#lib/products/bss/vocabulary.ts';
import type { Product } from '#lib/products/product.ts';

/** Placeholders for facts in messages, for numbers too. */
const facts = {
  action: '{Action}',
  version: '{Version}',
  method: '{method}',
  path: '{path}',
  product: '{product}',
  parameter: '{parameter}' as never,
  fault: 'value',
  alternatives: '{parameters}',
  limitBytes: '{limit}' as never,
  most: '{most}' as never,
  least: '{least}' as never,
  mediaType: '{type}',
  name: '{name}',
  blueprint: '{blueprint}',
  item: '{item}',
  dependency: '{dependency}',
  fact: 'parentUid',
  party: 'child',
  policy: 'management',
  uid: '{uid}' as never,
  lentCredit: '{lent}' as never,
  alias: '{alias}',
  email: '{email}',
  keyId: '{id}',
} as const;

const callers = {
  account: 'accounts, each for itself',
  operator: 'operators',
  anyone: 'accounts, each for itself, and operators',
} as const;

/** Every operation with its parameters, answer and refusals, and both vendors' words side by side, as Markdown. */
export function reference(operations: readonly Operation[]): string {
  const products = [...new Set(operations.map(({ product }) => product))];
  const sections = [
    '<!-- Written by "npm run docs" from the declarations of the operations. -->',
    '# Reference',
    'What an operation takes, answers and refuses, and what each dialect calls the same things. How requests are signed and ' +
      'encoded is as the vendors do it.',
    ...vocabulary(),
    ...refusals(),
    ...products.flatMap((product) => productSection(product, operations)),
  ];
  return `${sections.join('\n\n')}\n`;
}

function vocabulary(): string[] {
  const { grantedPermissions, permissionCodes, policyNames, statusCodes } = alibaba;
  const codes = Object.entries(permissionCodes);
  const codeOf = new Map(codes.map(([code, permission]) => [permission, code]));
  const points: Readonly<Record<string, number>> = volcengine.pointNumbers;
  return [
    '## The same in both dialects',
    table(
      ['permission', 'PermissionCodes', 'QueryPermissionList', 'AuthListStr'],
      permissions.map((one) => [
        one,
        code(codeOf.get(one)),
        code(grantedPermissions[one].code),
        String(points[one] ?? 'none'),
      ]),
    ),
    table(
      ['policy', 'Alibaba Cloud', 'Volcengine'],
      policies.map((one) => [
        one,
        code(policyNames[one]),
        `${volcengine.relationNumbers[one]} (${volcengine.relationNames[one]})`,
      ]),
    ),
    table(
      ['status', 'Alibaba Cloud', 'Volcengine'],
      relationStatuses.map((one) => [one, code(statusCodes[one]), String(volcengine.statuses[one].number)]),
    ),
  ];
}

function refusals(): string[] {
  const rows = commonReasons.map((reason) => [reason, shortAnswer(bss, reason), shortAnswer(billing, reason)]);
  return [
    '## What any operation may refuse for',
    'Each refusal has one reason, which the error body names as `Reason`; the code is the dialect’s. Refusals of a signature come ' +
      'before these, with the codes of the scheme it was signed by. Of the others, orders, arrears and overdrafts refuse the beginning ' +
      'and the end of trusteeships, spent credit the end of management.',
    table(['Reason', 'Alibaba Cloud', 'Volcengine'], rows),
  ];
}

function productSection(product: Product, operations: readonly Operation[]): string[] {
  const own = operations.filter((one) => one.product === product);
  return [`## ${product.name} (${productVersions(product).join(', ')})`, ...own.flatMap(operationSection)];
}

function operationSection(operation: Operation): string[] {
  const { access, action, errors, output } = operation;
  const answers = shapeOf(output);
  return [
    `### ${action}`,
    ...versionNotes(operation),
    `Called by ${callers[access]}. ${answers === '{}' ? 'Answers nothing of its own.' : `Answers \`${answers}\`.`}`,
    table(['parameter', '', ''], acceptedParameters(operation).map(parameterRow)),
    ...(errors.length === 0 ? [] : [table(['Reason', 'HTTP', 'code', 'message'], refusalRows(operation))]),
  ];
}

/** In which versions of its product an operation is, where that has several, and what it takes in some of them alone. */
function versionNotes(operation: Operation): string[] {
  const { product, versions = {} } = operation;
  const own = versionsOf(operation);
  if (productVersions(product).length === 1) return [];
  const alone = own.flatMap((version) => {
    const names = versions[version]?.parameters ?? [];
    return names.length === 0 ? [] : [`Only ${version} knows ${names.map(code).join(', ')}.`];
  });
  return [[`In ${own.join(' and ')}.`, ...alone].join(' ')];
}

function parameterRow({ name, description = '', isList, isRequired, values }: AcceptedParameter): string[] {
  const traits = [isRequired && 'required', isList && 'list'].filter((trait) => trait !== false);
  const listed = values.length > 1 ? ` ${values.map((value) => code(value)).join(', ')}` : '';
  return [code(name), traits.join(', '), `${description}${listed}`];
}

/**
 * One row for reasons with the same answer; two for a reason whose answer depends on the policy, or on the version, which is named where
 * the answer is not that of all.
 */
function refusalRows(operation: Operation): string[][] {
  const { access, catalogue = {}, errors, product, versions = {} } = operation;
  const party = access === 'operator' ? 'account' : facts.party;
  const own = versionsOf(operation);
  const alike = new Map<string, { answer: ErrorAnswer; reasons: Map<Reason, Set<string>> }>();
  for (const reason of errors) {
    for (const [version, policy] of own.flatMap((one) => policies.map((policy) => [one, policy] as const))) {
      const catalogues = [versions[version]?.catalogue ?? {}, catalogue, product.errors];
      const answer = answerOf(reason, { ...facts, party, policy }, catalogues);
      const { reasons } = alike.get(JSON.stringify(answer)) ?? { reasons: new Map<Reason, Set<string>>() };
      reasons.set(reason, new Set([...(reasons.get(reason) ?? []), version]));
      alike.set(JSON.stringify(answer), { answer, reasons });
    }
  }
  const named = (reason: Reason, those: ReadonlySet<string>) =>
    those.size === own.length ? reason : `${reason} (${[...those].join(', ')})`;
  return [...alike.values()].map(({ answer, reasons: those }) => [
    [...those].map(([reason, within]) => named(reason, within)).join(', '),
    String(answer.status),
    code(answer.code),
    answer.message,
  ]);
}

function shortAnswer({ errors }: Product, reason: Reason): string {
  const answer = answerOf(reason, facts, [errors]);
  return `${answer.status} ${code(answer.code)}`;
}

function answerOf(reason: Reason, about: Reasons[Reason], catalogues: readonly Partial<ErrorCatalogue>[]): ErrorAnswer {
  const answer = answerTo(new Refusal(reason, about), catalogues);
  if (answer === undefined) throw new Error(`nobody has words for ${reason}`);
  return answer;
}

function code(text: string | undefined): string {
  return text === undefined ? '' : `\`${text}\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
