import { type AcceptedParameter, acceptedParameters } from '#infra/acceptedParameters.ts';
import { commonAnswer, reasonsOf, refusalsOf } from '#infra/refusals.ts';
import { shapeOf } from '#infra/schemaShape.ts';
import { permissions } from '#lib/domain/relation/permissions.ts';
import { policies, relationStatuses } from '#lib/domain/relation/relation.ts';
import { commonReasons, type Reason } from '#lib/errors.ts';
import type { Operation } from '#lib/pipeline/declaration.ts';
import { productVersions, versionsOf } from '#lib/pipeline/route.ts';
import { billing } from '#lib/products/billing/product.ts';
import * as volcengine from '#lib/products/billing/vocabulary.ts';
import { bss } from '#lib/products/bss/product.ts';
import * as alibaba from '#lib/products/bss/vocabulary.ts';
import type { Product } from '#lib/products/product.ts';

/** Who may call an operation, by its access. */
export const callers = {
  account: 'accounts, each for itself',
  operator: 'operators',
  anyone: 'accounts, each for itself, and operators',
} as const;

const written = '<!-- Written by "npm run docs" from the declarations of the operations. -->';

/** The pages of the reference as Markdown, by path: what all products share, and a page for each with its operations. */
export function reference(operations: readonly Operation[]): Readonly<Record<string, string>> {
  const products = [...new Set(operations.map(({ product }) => product))];
  const pages = products.map((product) => [pathOf(product), pageOf(productSection(product, operations))] as const);
  return { 'docs/reference.md': pageOf(overview(products)), ...Object.fromEntries(pages) };
}

/** The page of a product. */
export function pathOf({ name }: Pick<Product, 'name'>): string {
  return `docs/reference/${name}.md`;
}

function pageOf(sections: readonly string[]): string {
  return `${[written, ...sections].join('\n\n')}\n`;
}

function overview(products: readonly Product[]): string[] {
  const rows = products.map((product) => [
    `[${product.name}](reference/${product.name}.md)`,
    productVersions(product).join(', '),
  ]);
  return [
    '# Reference',
    'What an operation takes, answers and refuses, and what each dialect calls the same things. How requests are signed and ' +
      'encoded is as the vendors do it.',
    table(['product', 'versions'], rows),
    ...vocabulary(),
    ...refusals(),
  ];
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
  return [
    `# ${product.name} (${productVersions(product).join(', ')})`,
    'What any operation may refuse for, and what the dialects call the same things, is [in the reference](../reference.md).',
    ...own.flatMap(operationSection),
  ];
}

function operationSection(operation: Operation): string[] {
  const { access, action, errors, output } = operation;
  const answers = shapeOf(output);
  return [
    `## ${action}`,
    ...versionNotes(operation),
    `Called by ${callers[access]}. ${answers === '{}' ? 'Answers nothing of its own.' : `Answers \`${answers}\`.`}`,
    table(['parameter', '', ''], acceptedParameters(operation).map(parameterRow)),
    ...(errors.length === 0 ? [] : [table(['Reason', 'HTTP', 'code', 'message'], refusalRows(operation))]),
  ];
}

/** In which versions of its product an operation is, where that has several, and what it takes in some of them alone. */
export function versionNotes(operation: Operation): string[] {
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

/** One row for reasons with the same answer. */
function refusalRows(operation: Operation): string[][] {
  const versions = versionsOf(operation).length;
  return refusalsOf(operation).map((refused) => {
    const { code: own, message, status } = refused.answer;
    return [reasonsOf(refused, versions), String(status), code(own), message];
  });
}

function shortAnswer(product: Product, reason: Reason): string {
  const answer = commonAnswer(product, reason);
  return `${answer.status} ${code(answer.code)}`;
}

function code(text: string | undefined): string {
  return text === undefined ? '' : `\`${text}\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
