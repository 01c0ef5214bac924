import { describe, expect, test } from 'vitest';
import { job as publishEvents } from '#functions/workers/publishEvents.ts';
import { type Deployed, deployedFunctions } from '#infra/deployed.ts';
import { readGrants } from '#infra/reach.ts';
import { roleId, roles } from '#infra/roles.ts';
import type { Operation } from '#lib/pipeline/declaration.ts';
import { eventsOf, newParties } from '#test/bss/parties.ts';
import { callOf } from '#test/infra/calls.ts';
import { deniedIn, grantsOf, restricted } from '#test/infra/grants.ts';
import type { Resource } from '#test/infra/packaged.ts';
import { inTurn, turnOf } from '#test/support/breadth.ts';
import { added } from '#test/support/examples/staging.ts';
import { jobWaysOf } from '#test/support/examples/workers.ts';
import { type Way, waysOf } from '#test/support/examples.ts';
import { fakeBus, streamOf } from '#test/workers/stream.ts';

const all = await deployedFunctions();
const grants = readGrants();
const rendered: Readonly<Record<string, Pick<Resource, 'Properties'>>> = JSON.parse(JSON.stringify(roles(all)));

function roleOf(deployed: Deployed): Pick<Resource, 'Properties'> {
  const role = rendered[roleId(deployed)];
  if (role === undefined) throw new Error(`${deployed.name} has no role`);
  return role;
}

function named(name: string): Deployed {
  const deployed = all.find((one) => one.name === name);
  if (deployed === undefined) throw new Error(`there is no ${name}`);
  return deployed;
}

/** The grants of a role, without those for dry runs of its writes. */
function grantedBy(role: Pick<Resource, 'Properties'>): string[] {
  const granted = grantsOf(role);
  const isWritten = (pattern: string) =>
    granted.some((one) => one.pattern === pattern && ['PutItem', 'UpdateItem', 'DeleteItem'].includes(one.action));
  return granted
    .filter(({ action, pattern }) => action !== 'ConditionCheckItem' || !isWritten(pattern))
    .map(({ action, index = action, pattern }) => `${index} ${pattern}`)
    .sort();
}

/** What a function was seen to do, in the same form. */
function seenOf(name: string): string[] {
  const { ConditionCheckItem = [], ...others } = grants[name] ?? {};
  const written = [others.PutItem, others.UpdateItem, others.DeleteItem].flatMap((patterns) => patterns ?? []);
  const checked = ConditionCheckItem.filter((pattern) => !written.includes(pattern));
  return Object.entries({ ...others, ConditionCheckItem: checked })
    .flatMap(([way, patterns]) => patterns.map((pattern) => `${way} ${pattern}`))
    .sort();
}

const operations = all
  .flatMap((deployed) =>
    deployed.trigger.kind === 'operation' ? [[deployed, deployed.trigger.operation] as const] : [],
  )
  .map(([deployed, operation], nth) => [deployed.name, deployed, operation, nth] as const);

/**
 * All the pipeline's own manners of a call: dry runs with and without a token, a call with one, and that call again.
 */
async function exercise(operation: Operation, role: Pick<Resource, 'Properties'>, way?: Way): Promise<number[]> {
  const { estate, send } = await callOf(operation, way);
  const deps = restricted(estate.deps, role);
  const ClientToken = 'once';
  const variants =
    operation.effect === 'write'
      ? [{ DryRun: 'true' }, { DryRun: 'true', ClientToken }, { ClientToken }, { ClientToken }]
      : [{}];
  const statuses: number[] = [];
  for (const options of variants) statuses.push((await send(options, deps)).status);
  expect(deniedIn(estate)).toEqual([]);
  return statuses;
}

/** What reading the caller's key needs, and nothing else. */
const ofKeys = {
  Properties: {
    Policies: [
      {
        PolicyDocument: {
          Statement: [
            {
              Action: ['dynamodb:GetItem'],
              Resource: 'arn:aws:dynamodb:us-east-1:1:table/t',
              Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['KEY#*'] } },
            },
          ],
        },
      },
    ],
  },
};

/** An operation meets every fourth kind of test, the next one the next; and all of them its own role. */
const STRIDE = 4;

describe.each(operations)('%s', (_, deployed, operation, nth) => {
  const testInTurn = turnOf(nth, STRIDE);

  test('can do all it has to with its own role, on its ways', async () => {
    for (const way of inTurn(waysOf(operation), nth)) {
      const statuses = await exercise(operation, roleOf(deployed), way);
      expect(statuses.at(-1)).toBe(200);
      expect(statuses.every((status) => status < 500)).toBe(true);
    }
  });

  testInTurn('can be called through the door', async () => {
    expect((await exercise(operation, roleOf(named('rpc')))).at(-1)).toBe(200);
  });

  testInTurn('reads and writes nothing beside what its role allows', async () => {
    const { estate, send } = await callOf(operation);
    const before = await estate.dump();
    expect((await send({}, restricted(estate.deps, ofKeys))).status).toBe(500);
    expect(deniedIn(estate)).toHaveLength(1);
    expect(await estate.dump()).toEqual(before);
  });
});

test('the role of an operation that reads lets none that writes commit', async () => {
  const write = operations.find(([name]) => name === 'bss/AddAccountRelation')?.[2];
  const { estate, send } = await callOf(write ?? expect.fail('there is AddAccountRelation'));
  const before = await estate.dump();
  const { status } = await send({}, restricted(estate.deps, roleOf(named('bss/GetAccountRelation'))));
  expect(status).toBe(500);
  expect(await estate.dump()).toEqual(before);
});

test('the role of a relation operation lets nobody issue a key', async () => {
  const issue = operations.find(([name]) => name === 'operator/IssueAccessKey')?.[2];
  const { estate, send } = await callOf(issue ?? expect.fail('there is IssueAccessKey'));
  const before = await estate.dump();
  const { status } = await send({}, restricted(estate.deps, roleOf(named('bss/ConfirmRelation'))));
  expect(status).toBe(500);
  expect(await estate.dump()).toEqual(before);
});

const functions = all.filter(({ trigger }) => trigger.kind !== 'door');

test.each(functions.map((deployed) => [deployed.name, deployed] as const))(
  '%s is granted what it was seen to do, and nothing else',
  (name, deployed) => {
    expect(grantedBy(roleOf(deployed))).toEqual(seenOf(name));
  },
);

describe('the workers', () => {
  const workers = all.filter(({ name }) => name.startsWith('workers/'));

  test.each(workers.map((deployed) => [deployed.name, deployed] as const))(
    '%s can do all it has to with its own role, on all its ways',
    async (name, deployed) => {
      for (const way of jobWaysOf(name)) {
        const estate = await newParties();
        const { done, run } = await way(estate);
        expect(await run(restricted(estate.deps, roleOf(deployed)))).toMatchObject(done);
      }
    },
  );

  test('the publisher files and tells an event with its own role, and names the call it came of', async () => {
    const estate = await newParties();
    const [event] = await eventsOf(estate, await added(estate, estate.child));
    const deps = restricted(estate.deps, roleOf(named('workers/publishEvents')));
    const outcome = await publishEvents.run({ deps, bus: fakeBus() }, await streamOf(estate));
    expect(outcome).toEqual({ again: undefined, passedOver: 0 });
    const request = estate.logged.find(({ action }) => action === 'AddAccountRelation');
    expect(request?.['requestId']).toEqual(expect.any(String));
    expect(estate.logged.at(-1)).toMatchObject({
      job: 'publishEvents',
      requestId: request?.['requestId'],
      eventId: event?.['eventId'],
      isPublished: true,
    });
  });
});
