import { describe, expect, test } from 'vitest';
import { door } from '#functions/rpc.ts';
import { deployedFunctions } from '#infra/deployed.ts';
import { deployWordsIn } from '#infra/deployWords.ts';
import { operations } from '#infra/operations.ts';
import { localFile, productOf, stackFile, stacksOf } from '#infra/stacks.ts';
import type { Operation } from '#lib/pipeline/declaration.ts';
import { offersOf } from '#lib/pipeline/route.ts';
import { newParties } from '#test/bss/parties.ts';
import { answerTo, signedCall } from '#test/support/estate.ts';

const all = await deployedFunctions();
const withoutBilling = all.filter((deployed) => productOf(deployed) !== 'billing');
const names = stacksOf(all).map(({ name }) => name);

/** The rendered files of all stacks by name. */
function filesOf(functions: typeof all): Map<string, string> {
  return new Map(stacksOf(functions).map((stack) => [stack.name, JSON.stringify(stackFile(stack, functions))]));
}

describe('a product', () => {
  test('that is taken away changes no byte of the stacks of the others', () => {
    const before = filesOf(all);
    const after = filesOf(withoutBilling);
    expect([...after.keys()]).toEqual([...before.keys()].filter((name) => name !== 'billing'));
    for (const [name, file] of after) if (name !== 'core') expect(file).toBe(before.get(name));
  });

  test('that is taken away changes nothing of the core but what its door may do', () => {
    const core = (functions: typeof all) => JSON.parse(filesOf(functions).get('core') ?? '');
    const { products, resources, ...before } = core(all);
    const { products: left, resources: others, ...after } = core(withoutBilling);
    expect(after).toEqual(before);
    expect(products).toEqual([...left, 'billing'].sort());
    const { RpcRole, ...rest } = resources.Resources;
    const { RpcRole: narrower, ...restLeft } = others.Resources;
    expect(restLeft).toEqual(rest);
    expect(JSON.stringify(narrower).length).toBeLessThanOrEqual(JSON.stringify(RpcRole).length);
  });

  test('that is taken away is to the door what it never knew', async () => {
    const { deps, parent } = await newParties();
    const remaining = operations.filter(({ product }) => product.name !== 'billing');
    const answered = async (action: string, version: string) => {
      const [path, init] = signedCall(parent, action, version, {});
      const app = door(offersOf(remaining));
      const response = await answerTo(path, init, deps, app);
      const { Code, Message } = Object(await response.json());
      return { status: response.status, Code, Message };
    };
    const unknown = await answered('MadeUp', '2001-01-01');
    const { Message, ...taken } = await answered('ListInvitation', '2022-01-01');
    expect(taken).toEqual({ status: unknown.status, Code: unknown.Code });
    expect(unknown.Message.replaceAll('MadeUp', 'ListInvitation').replaceAll('2001-01-01', '2022-01-01')).toBe(Message);
    expect((await answered('GetAccountRelation', '2017-12-14')).Code).toBe('MissingParameter');
  });
});

test('the door loads no operation but the one that is asked for', async () => {
  const { deps, parent } = await newParties();
  const loaded: string[] = [];
  const watched = (product: string, action: string, load: () => Promise<Operation>) => () => {
    loaded.push(`${product}/${action}`);
    return load();
  };
  const app = door(
    offersOf(operations).map(({ product, operations: own }) => ({
      product,
      operations: new Map([...own].map(([action, load]) => [action, watched(product.name, action, load)])),
    })),
  );
  const ask = async (path: string, init: RequestInit) => {
    loaded.length = 0;
    await answerTo(path, init, deps, app);
    return [...loaded];
  };
  const call = (action: string, version: string) => ask(...signedCall(parent, action, version, {}));
  expect(await call('GetAccountRelation', '2017-12-14')).toEqual(['bss/GetAccountRelation']);
  expect(await call('MadeUp', '2017-12-14')).toEqual([]);
  expect(await call('DescribeAccount', '2026-01-01')).toEqual(['operator/DescribeAccount']);
  expect(await call('GetAccountRelation', '2001-01-01')).toEqual([]);
  expect(await ask('/billing/ListInvitation', {})).toEqual(['billing/ListInvitation']);
  expect(await ask('/nowhere/ListInvitation', {})).toEqual([]);
  expect(await ask('/', {})).toEqual([]);
});

test('the stack for serverless-offline has every function, at an API of its own', () => {
  const { functions, ...rest } = localFile(all);
  expect(Object.keys(functions)).toEqual(all.map(({ key }) => key));
  expect(JSON.stringify(rest)).not.toContain('ImportValue');
});

describe('the words of a deployment', () => {
  const read = (...words: string[]) => deployWordsIn(words, names);

  test('name stacks and products, and leave the rest to osls as it was written', () => {
    expect(read('deploy', '--stage', 'prod', '--only', 'core,bss', '--param', 'memory=256', '--verbose')).toEqual({
      command: 'deploy',
      only: ['core', 'bss'],
      without: [],
      folder: '.build/packages',
      maps: false,
      rest: ['--stage', 'prod', '--param', 'memory=256', '--verbose'],
    });
    expect(read('package', '--without=billing', '--package=out', '--stage=prod')).toMatchObject({
      without: ['billing'],
      folder: 'out',
      rest: ['--stage=prod'],
    });
    expect(read('build', '--maps', '--stage', 'prod')).toMatchObject({ maps: true, rest: ['--stage', 'prod'] });
  });

  test.each([
    [['deliver'], 'Say what to do: build, package, deploy, remove.'],
    [
      ['deploy', '--only', 'ledger'],
      'There is no stack ledger; there are core, billing, bss, directory, governance, operator.',
    ],
    [
      ['deploy', '--without', 'core'],
      'There is no product core; there are billing, bss, directory, governance, operator.',
    ],
    [['deploy', '--only', 'bss', '--without', 'bss'], 'bss is named by --only and by --without.'],
    [['remove', '--without', 'bss'], 'To take a product away, run npm run deploy -- --without it.'],
  ])('%j is refused', (words, message) => {
    expect(() => read(...words)).toThrow(message);
  });
});
