import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { packaged } from '#test/infra/packaged.ts';

const Coherence = createRequire(import.meta.url)('../../infra/coherence.cjs');

const settings = {
  ownTable: 'tributary-dev',
  table: 'tributary-dev',
  tableStream: '',
  masterKeyParameter: '/tributary/dev/master-key',
  domain: '',
  certificate: '',
};

/** Loads the plugin as serverless does, with these values of a stage. */
function load(given: Partial<typeof settings>): void {
  const service = { custom: { settings: { ...settings, ...given } } };
  new Coherence({ service, classes: { Error } }).hooks.initialize();
}

test.each([
  {},
  { table: 'tributary-dev-2', tableStream: 'arn:aws:dynamodb:stream/s' },
  { domain: 'api.example.com', certificate: 'arn:aws:acm:certificate/c' },
])('the values %o go together', (given) => {
  load(given);
});

test.each([
  [{ table: 'tributary-dev-2' }, 'table and tableStream together'],
  [{ tableStream: 'arn:aws:dynamodb:stream/s' }, 'table and tableStream together'],
  [{ domain: 'api.example.com' }, 'domain and certificate together'],
  [{ masterKeyParameter: 'master-key' }, 'begin with a slash'],
])('the values %o do not', (given, message) => {
  expect(() => load(given)).toThrow(message);
});

test('nothing is packaged of values that do not go together', () => {
  expect(() => packaged('dev', ['table=tributary-dev-2'])).toThrow('Give table and tableStream together');
});
