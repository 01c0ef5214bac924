import { type AcceptedParameter, acceptedParameters } from '#infra/acceptedParameters.ts';
import { roles } from '#infra/local/callArguments.ts';
import { typedAs } from '#infra/local/typed.ts';
import type { Operation } from '#lib/pipeline/declaration.ts';
import { productVersions } from '#lib/pipeline/route.ts';

const options = [
  `--as <account>          whose key of demo.env signs: ${roles.join(', ')}, or a seed's; parent unless the action is an operator's`,
  '--key <id> --secret <s> another access key',
  '--url <address>         another server than the emulator that runs',
];

/** How to call: every action by product, or one action's parameters. */
export function usage(operations: readonly Operation[], operation?: Operation): string {
  const subject = operation === undefined ? actions(operations) : parameters(operation);
  const call = operation === undefined ? '<Action>' : operation.action;
  return ['', `${typedAs('call')} ${call} [--Name value ...] [options]`, '', ...subject, '', ...options, ''].join('\n');
}

function actions(operations: readonly Operation[]): string[] {
  const products = [...new Set(operations.map(({ product }) => product))];
  const listed = products.flatMap((product) => [
    `${product.name} (${productVersions(product).join(', ')})`,
    ...operations.filter((one) => one.product === product).map(({ action }) => `  ${action}`),
    '',
  ]);
  return [...listed, `${typedAs('call')} <Action> --help lists its parameters.`];
}

function parameters(operation: Operation): string[] {
  const accepted = acceptedParameters(operation);
  const width = Math.max(0, ...accepted.map(({ name }) => name.length));
  const indent = ' '.repeat(width + 5);
  return accepted.flatMap((parameter) => {
    const lines = [sentenceOf(parameter), ...(parameter.values.length > 1 ? [parameter.values.join(', ')] : [])];
    return [`  --${parameter.name.padEnd(width)} ${lines.join(`\n${indent}`)}`];
  });
}

function sentenceOf({ name, description = '', isRequired, isList }: AcceptedParameter): string {
  const isSupplied = name === 'RequestId' && isRequired;
  const traits = [
    isRequired && !isSupplied && 'Required.',
    isSupplied && 'Made up unless given.',
    isList && 'A list: repeat it, or separate by commas.',
  ];
  return [description, ...traits.filter((trait) => trait !== false)].join(' ').trim();
}
