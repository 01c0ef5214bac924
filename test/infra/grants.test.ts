import { beforeAll, describe, expect, test } from 'vitest';
import { type Deployed, deployedFunctions } from '#infra/deployed.ts';
import type { Reach } from '#infra/reach.ts';
import { type Deps, openDeps } from '#lib/deps.ts';
import type { Operation } from '#lib/pipeline/declaration.ts';
import { newParties, proposal } from '#test/bss/parties.ts';
import { deleting, newObservation, textOf } from '#test/infra/grants.ts';
import { testEndpoint } from '#test/support/engine.ts';
import { engineClient } from '#test/support/engineClient.ts';
import { type Answer, type Estate, masterKey } from '#test/support/estate.ts';
import { requestOf } from '#test/support/everyOperation.ts';
import { codes } from '#test/support/examples/staging.ts';
import { jobWaysOf } from '#test/support/examples/workers.ts';
import { stage, waysOf } from '#test/support/examples.ts';
import { restored } from '#test/support/snapshot.ts';
import { exerciseHeard, type Heard, listen, testRequests } from '#test/table/requests.ts';

type Observation = ReturnType<typeof newObservation>;
/** Answers with the estate in which a call succeeds, as it was made. */
type Begin = () => ReturnType<typeof stage>;

/**
 * The pipeline's own manners of a call: plain, with a token, and as a dry run, which does not use the token up. A mutation is also made by
 * a caller that was refused before, for which the dry run has its key read.
 */
const token = { ClientToken: 'once' };
const manners = {
  read: [[{}]],
  write: [
    [{ DryRun: 'true' }, {}],
    [{ DryRun: 'true', ...token }, token, token],
  ],
} as const;

const functions = (await deployedFunctions()).filter(({ trigger }) => trigger.kind !== 'door');
const seen = new Map<string, Promise<Reach>>();
const heard: Heard = { transactions: [], queries: [], batches: [] };
let hearing: Promise<ReturnType<typeof engineClient>> | undefined;

async function listening(): Promise<ReturnType<typeof engineClient>> {
  const client = engineClient(await testEndpoint());
  listen(client, heard);
  return client;
}

/** A process over an estate's table that remembers nothing, and whose requests are recorded. */
async function heardProcess({ deps, tableName }: Estate): Promise<Deps> {
  hearing ??= listening();
  return openDeps({ client: await hearing, tableName, masterKey, ports: deps.ports, callMs: 60_000 });
}

/** What a function does to the table in all its examples. */
function reachSeenOf(deployed: Deployed): Promise<Reach> {
  const reach = seen.get(deployed.name) ?? watch(deployed);
  seen.set(deployed.name, reach);
  return reach;
}

async function watch({ name, trigger }: Deployed): Promise<Reach> {
  const observation = newObservation();
  if (trigger.kind === 'operation') {
    const { operation } = trigger;
    const ways = waysOf(operation);
    for (const way of ways) {
      const begin = restored(() => stage(operation, way));
      await go(operation, begin, observation);
      if (operation.effect === 'write' && way === ways[0]) await goWithSpentToken(operation, begin, observation);
    }
  } else {
    for (const way of jobWaysOf(name)) {
      const estate = await newParties();
      const { done, run } = await way(estate);
      expect(await run(observation.over(await heardProcess(estate)))).toMatchObject(done);
    }
  }
  return observation.reach();
}

/** Makes an example's call in each manner, each in the estate as it was. */
async function go(operation: Operation, begin: Begin, observation: Observation): Promise<void> {
  for (const variants of manners[operation.effect]) {
    const { estate, example } = await begin();
    const { params, ...rest } = example;
    const deps = observation.over(await heardProcess(estate));
    const statuses: number[] = [];
    for (const options of variants) {
      const request = requestOf(operation, { ...rest, params: { ...params, ...options } });
      statuses.push((await estate.send(...request, deps)).status);
      deps.keyring.noteRefused(example.by.keyId);
    }
    expect(statuses.at(-1)).toBe(200);
    expect(statuses.filter((status) => status >= 500)).toEqual([]);
  }
}

/** Calls a mutation under a token that its caller has used for another call, which refuses it. */
async function goWithSpentToken(operation: Operation, begin: Begin, observation: Observation): Promise<void> {
  const { estate, example } = await begin();
  const { by, params } = example;
  const spent =
    by.uid === 0
      ? await estate.call(by, 'RegisterAccount', { Name: 'other@test', LegalName: 'Other', ...token })
      : await estate.call(
          by,
          'AddAccountRelation',
          proposal(by, estate.stranger, { PermissionCodes: codes, ...token }),
        );
  expect(spent.status).toBe(200);
  const request = requestOf(operation, { ...example, params: { ...params, ...token } });
  expect((await estate.send(...request, observation.over(await heardProcess(estate)))).status).toBe(400);
}

describe.each(functions.map((deployed) => [deployed.name, deployed] as const))('%s', (name, deployed) => {
  test('goes all its ways, deletes only if that is declared, and writes nothing if it only reads', async () => {
    const { ConditionCheckItem = [], DeleteItem = [], PutItem = [], UpdateItem = [] } = await reachSeenOf(deployed);
    if (deleting[name] === undefined) expect(DeleteItem).toEqual([]);
    const { trigger } = deployed;
    if (trigger.kind === 'operation' && trigger.operation.effect === 'read') {
      expect([...ConditionCheckItem, ...DeleteItem, ...PutItem, ...UpdateItem]).toEqual([]);
    }
  });
});

test('infra/grants.json, which roles are made from, says what each function does and nothing else', async () => {
  const grants: Record<string, Reach> = {};
  for (const deployed of functions) grants[deployed.name] = await reachSeenOf(deployed);
  await expect(textOf(grants), 'write it anew with "npm run grants"').toMatchFileSnapshot('../../infra/grants.json');
});

describe('what is sent to DynamoDB on all these ways, and in many orders', () => {
  let answers: Answer[];

  beforeAll(async () => {
    for (const deployed of functions) await reachSeenOf(deployed);
    answers = await exerciseHeard(heard);
  });

  test('was seen of every kind of answer but a fault', () => {
    expect(new Set(answers.map(({ body }) => body.Reason)).size).toBeGreaterThan(15);
    expect(answers.filter(({ status }) => status >= 500).map(({ body }) => body)).toEqual([]);
  });

  testRequests(heard);
});
