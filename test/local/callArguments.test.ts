import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { wantedIn } from '#infra/local/callArguments.ts';
import { pretty } from '#infra/local/pretty.ts';
import { UsageError } from '#infra/local/startError.ts';
import { usage } from '#infra/local/usage.ts';
import { operations } from '#infra/operations.ts';
import { productVersions } from '#lib/pipeline/route.ts';

const wanted = (...words: string[]) => wantedIn(words, operations);

function called(...words: string[]) {
  const call = wanted(...words);
  if (call.kind !== 'call') throw new Error(`${words.join(' ')} asks for help`);
  return call;
}

describe('the words of a call', () => {
  test('name an action, its parameters and whose key signs', () => {
    const { operation, role, parameters } = called('GetAccountRelation', '--RelationId', '51463', '--as', 'child');
    expect(operation.action).toBe('GetAccountRelation');
    expect(role).toBe('child');
    expect(parameters).toEqual({ RelationId: '51463' });
  });

  test('go in any order', () => {
    const { operation, parameters } = called('--as=child', '--RelationId=51463', 'GetAccountRelation');
    expect(operation.action).toBe('GetAccountRelation');
    expect(parameters).toEqual({ RelationId: '51463' });
  });

  test('leave an action to the parent, an operator action to the operator', () => {
    expect(called('GetAccountRelation').role).toBe('parent');
    expect(called('DescribeAccount').role).toBe('operator');
    expect(called('DescribeAccount', '--as', 'parent').role).toBe('parent');
  });

  test.each([[['--PermissionCodes', 'A', '--PermissionCodes', 'B']], [['--PermissionCodes', 'A,B']]])(
    'give a list as %j',
    (words) => {
      expect(called('AddAccountRelation', ...words).parameters).toMatchObject({ PermissionCodes: ['A', 'B'] });
    },
  );

  test('give a list of one, and one with an empty element', () => {
    expect(called('AddAccountRelation', '--RoleCodes', 'A').parameters).toMatchObject({ RoleCodes: ['A'] });
    expect(called('AddAccountRelation', '--RoleCodes', '').parameters).toMatchObject({ RoleCodes: [''] });
  });

  test('separate by commas only what is declared a list', () => {
    const words = ['--ChildNick', 'a,b', '--ClientToken=c,d', '--PermissionCodes.1', 'e,f'];
    expect(called('AddAccountRelation', ...words).parameters).toMatchObject({
      ChildNick: 'a,b',
      ClientToken: 'c,d',
      'PermissionCodes.1': 'e,f',
    });
  });

  test('need no RequestId where the operation does', () => {
    const first = called('RelieveAccountRelation').parameters['RequestId'];
    expect(first).toMatch(/^[0-9a-f-]{36}$/);
    expect(called('RelieveAccountRelation').parameters['RequestId']).not.toBe(first);
    expect(called('RelieveAccountRelation', '--RequestId', 'mine').parameters['RequestId']).toBe('mine');
    expect(called('GetAccountRelation').parameters).not.toHaveProperty('RequestId');
  });

  test('may name another key and another server', () => {
    const words = ['--key', 'K', '--secret', 'S', '--url', 'http://elsewhere'];
    expect(called('GetAccountRelation', ...words)).toMatchObject({
      key: { keyId: 'K', secret: 'S' },
      url: 'http://elsewhere',
    });
  });

  test('may begin with a dash where a value is due', () => {
    const words = ['--Amount', '-500', '--ParentUid=-1', '--key', 'K', '--secret', '-S', '--url', 'http://elsewhere'];
    expect(called('AllocateCredit', ...words)).toMatchObject({
      parameters: { Amount: '-500', ParentUid: '-1' },
      key: { keyId: 'K', secret: '-S' },
    });
  });

  test.each([
    [[], 'Name an action.'],
    [['Nothing'], 'There is no action Nothing.'],
    [['ConfirmRelatoin'], 'There is no action ConfirmRelatoin; did you mean ConfirmRelation?'],
    [['addaccountrelation'], 'There is no action addaccountrelation; did you mean AddAccountRelation?'],
    [['AddAccountRelation', '--PermisionCodes', 'A'], 'no parameter PermisionCodes; did you mean PermissionCodes?'],
    [['GetAccountRelation', '--sa', 'child'], "Unknown option '--sa'."],
    [['GetAccountRelation', '51463'], '51463 belongs to no parameter; write --Name value.'],
    [['GetAccountRelation', '--key', 'K'], '--key and --secret go together.'],
    [['GetAccountRelation', '-5'], "Unknown option '-5'"],
    [['GetAccountRelation', '--RelationId', '--as', 'child'], "Option '--RelationId' argument is ambiguous."],
    [['GetAccountRelation', '--RelationId'], "Option '--RelationId <value>' argument missing."],
    [['GetAccountRelation', '--relation', '1'], "Unknown option '--relation'; did you mean --RelationId?"],
    [['AddAccountRelation', '--Dryrun', 'true'], 'AddAccountRelation has no parameter Dryrun; did you mean DryRun?'],
    [['AddAccountRelation', '--Tag.1.Key', 'v'], 'AddAccountRelation has no parameter Tag.1.Key.'],
    [['GetAccountRelation', '--DryRun', 'true'], 'GetAccountRelation has no parameter DryRun.'],
    [['UpdateAuth', '--Format', 'XML'], 'UpdateAuth has no parameter Format.'],
    [
      ['ListFinancialRelation', '--Status.1', '200'],
      'ListFinancialRelation has no parameter Status.1; did you mean Status?',
    ],
  ])('%j are refused', (words, message) => {
    expect(() => wanted(...words)).toThrow(UsageError);
    expect(() => wanted(...words)).toThrow(message);
  });

  test.each([['-5'], ['--relation', '1'], ['--Dryrun', 'true']])(
    'refused for %s are told with the usage of the action they name',
    (...words) => {
      let refusal: unknown;
      try {
        wanted(...words, 'RelieveAccountRelation');
      } catch (error) {
        refusal = error;
      }
      expect(refusal).toMatchObject({ operation: { action: 'RelieveAccountRelation' } });
    },
  );

  test.each(operations)('may give $action what every operation of its kind takes', (operation) => {
    const { action, effect, product } = operation;
    const options = {
      ...(effect === 'write' && { ClientToken: 'token', DryRun: 'true' }),
      ...(product.dialect.vendor === 'alibaba' && { Format: 'XML' }),
    };
    const words = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
    expect(called(action, ...words).parameters).toMatchObject(options);
    const help = usage(operations, operation);
    for (const name of ['ClientToken', 'DryRun', 'Format']) expect(help.includes(`--${name} `)).toBe(name in options);
  });

  test('may ask for help, with an action or without', () => {
    expect(wanted('--help')).toEqual({ kind: 'help', operation: undefined });
    expect(wanted('-h', 'ConfirmRelation')).toMatchObject({ operation: { action: 'ConfirmRelation' } });
  });
});

describe('the usage', () => {
  test('lists every action under its product', () => {
    const text = usage(operations);
    for (const { action, product } of operations) {
      expect(text).toContain(`\n  ${action}\n`);
      expect(text.indexOf(`${product.name} (${productVersions(product).join(', ')})`)).toBeLessThan(
        text.indexOf(`  ${action}\n`),
      );
    }
  });

  test.each(operations)('of $action describes each of its parameters', (operation) => {
    const text = usage(operations, operation);
    expect(text).toContain(`npm run call -- ${operation.action} `);
    for (const line of text.split('\n').filter((one) => one.startsWith('  --')))
      expect(line).toMatch(/--\w+ +\S+ .*\.$/);
  });

  test('tells what is required, what is a list and which values there are', () => {
    const text = usage(
      operations,
      operations.find(({ action }) => action === 'ConfirmRelation'),
    );
    expect(text).toMatch(/--ConfirmCode .* Required\.\n +child_agree, child_disagree, /);
    expect(text).toMatch(/--PermissionCodes .* Required\. A list: repeat it, or separate by commas\.\n/);
    expect(text).toMatch(/--RequestId .* Made up unless given\.\n/);
    expect(text).not.toMatch(/--RelationId .* Required/);
  });
});

describe('for a person at a terminal', () => {
  const text = '{"Id":1738376485192612,"Name":"a \\"b\\": 1 true","Fine":true,"None":null,"List":[-1.5]}';

  test('JSON is indented', () => {
    expect(pretty(text, false)).toBe(JSON.stringify(JSON.parse(text), null, 2));
  });

  test('colours change nothing but the colour', () => {
    const coloured = pretty(text, true);
    expect(coloured).toContain('\u001b[');
    expect(stripVTControlCharacters(coloured)).toBe(pretty(text, false));
  });

  test('what is not JSON is left as it is', () => {
    expect(pretty('<Error/>', true)).toBe('<Error/>');
  });
});
