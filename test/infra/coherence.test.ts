import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { packaged } from '#test/infra/packaged.ts';

const Coherence = createRequire(import.meta.url)('../../infra/coherence.cjs');

const settings = {
  ownTable: 'tributary-dev',
  table: 'tributary-dev',
  tableStream: '',
  masterKeyParameter: '/tributary/dev/master-key',
  mailFrom: '',
  linkBaseUrl: '',
  smtpUrlParameter: '',
  provisionedItems: '',
  domain: '',
  certificate: '',
  onlyAtDomain: false as boolean | string,
  operationConcurrency: '' as number | string,
  doorConcurrency: '',
  workerConcurrency: '',
  stage: 'dev',
  products: ['billing', 'bss'],
};

/** Loads the plugin like serverless, with these values of a stage. */
function load(given: Partial<typeof settings>): void {
  const stage = given.stage ?? settings.stage;
  const functions = { long: { name: `tributary-${stage}-operatorDescribeAccountStanding` }, short: { name: 'rpc' } };
  const service = { custom: { settings: { ...settings, ...given } }, functions };
  new Coherence({ service, classes: { Error } }).hooks.initialize();
}

test.each([
  {},
  { table: 'tributary-dev-2', tableStream: 'arn:aws:dynamodb:stream/s' },
  { domain: 'api.example.com', certificate: 'arn:aws:acm:certificate/c' },
  { domain: 'api.example.com', certificate: 'arn:aws:acm:certificate/c', onlyAtDomain: 'true' },
  { operationConcurrency: 10, workerConcurrency: '5' },
  { mailFrom: 'noreply@example.com', linkBaseUrl: 'https://api.example.com/v1', smtpUrlParameter: '/tributary/smtp' },
  { provisionedItems: 'ACS-BP_ACCOUNT_FACTORY_VPC,ACS-BP_ACCOUNT_FACTORY_RAM_ROLE' },
  { stage: 'x'.repeat(22) },
  { stage: 'eu-West-1' },
])('the values %o go together', (given) => {
  load(given);
});

test.each([
  [{ table: 'tributary-dev-2' }, 'table and tableStream together'],
  [{ tableStream: 'arn:aws:dynamodb:stream/s' }, 'table and tableStream together'],
  [{ domain: 'api.example.com' }, 'domain and certificate together'],
  [{ masterKeyParameter: 'master-key' }, 'begin with a slash'],
  [{ masterKeyParameter: '/master key' }, 'letters, digits'],
  [{ ownTable: 'a table', table: 'a table' }, 'The name of a table has 3 to 255 characters'],
  [{ onlyAtDomain: true }, 'without one nobody could call the API'],
  [{ onlyAtDomain: 'yes' }, 'onlyAtDomain is true or false'],
  [{ mailFrom: 'Us <noreply@example.com>' }, 'an address alone'],
  [{ linkBaseUrl: 'http://api.example.com' }, 'begins with https://'],
  [{ linkBaseUrl: 'https://api.example.com/' }, 'does not end with a slash'],
  [{ smtpUrlParameter: 'smtp' }, 'begins with a slash'],
  [{ provisionedItems: 'ACS-BP_ACCOUNT_FACTORY_VPC, ' }, 'separated by commas'],
  [{ operationConcurrency: 'many' }, 'are whole numbers'],
  [{ doorConcurrency: '-1' }, 'are whole numbers'],
  [{ stage: 'prod_eu' }, 'only letters, digits and hyphens'],
  [{ stage: '1st' }, 'begins with a letter'],
  [{ stage: 'prod-bss' }, 'does not end with that of a product'],
  [{ stage: 'x'.repeat(23) }, 'choose one that has 1 fewer'],
])('the values %o do not', (given, message) => {
  expect(() => load(given)).toThrow(message);
});

test('nothing is packaged of values that do not go together', async () => {
  await expect(packaged('dev', ['core'], ['table=tributary-dev-2'])).rejects.toThrow(
    'Give table and tableStream together',
  );
});
