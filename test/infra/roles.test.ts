import { describe, expect, test } from 'vitest';
import { job as expireInvitations } from '#functions/workers/expireInvitations.ts';
import { job as publishEvents } from '#functions/workers/publishEvents.ts';
import { type Deployed, deployedFunctions } from '#infra/deployed.ts';
import { roleId, roles } from '#infra/roles.ts';
import type { Operation } from '#lib/pipeline/declaration.ts';
import { DAY_MS, eventsOf, newParties } from '#test/bss/parties.ts';
import { callOf } from '#test/infra/calls.ts';
import { deniedIn, restricted } from '#test/infra/grants.ts';
import type { Resource } from '#test/infra/packaged.ts';
import { accept, insertionOf, invite } from '#test/infra/records.ts';

const MASTER_KEY = Buffer.alloc(32, 7);
const all = await deployedFunctions();
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

const operations = all.flatMap((deployed) =>
  deployed.trigger.kind === 'operation' ? [[deployed.name, deployed, deployed.trigger.operation] as const] : [],
);

/** Everything the pipeline does around an operation too: dry runs without and with a token, a call with it, that call again. */
async function exercise(operation: Operation, role: Pick<Resource, 'Properties'>): Promise<number[]> {
  const { estate, send } = await callOf(operation);
  const deps = restricted(estate.deps, MASTER_KEY, role);
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

describe.each(operations)('%s', (_, deployed, operation) => {
  test('can do all it has to with its own role', async () => {
    const statuses = await exercise(operation, roleOf(deployed));
    expect(statuses.at(-1)).toBe(200);
    expect(statuses.every((status) => status < 500)).toBe(true);
  });

  test('can be called through the door', async () => {
    expect((await exercise(operation, roleOf(named('rpc')))).at(-1)).toBe(200);
  });
});

test('the role of an operation that reads lets none that writes commit', async () => {
  const write = operations.find(([name]) => name === 'bss/AddAccountRelation')?.[2];
  const { estate, send } = await callOf(write ?? expect.fail('there is AddAccountRelation'));
  const before = await estate.dump();
  const { status } = await send({}, restricted(estate.deps, MASTER_KEY, roleOf(named('bss/GetAccountRelation'))));
  expect(status).toBe(500);
  expect(await estate.dump()).toEqual(before);
});

test('the role of a relation operation lets nobody issue a key', async () => {
  const issue = operations.find(([name]) => name === 'operator/IssueAccessKey')?.[2];
  const { estate, send } = await callOf(issue ?? expect.fail('there is IssueAccessKey'));
  const before = await estate.dump();
  const { status } = await send({}, restricted(estate.deps, MASTER_KEY, roleOf(named('bss/ConfirmRelation'))));
  expect(status).toBe(500);
  expect(await estate.dump()).toEqual(before);
});

describe('the workers', () => {
  test('the sweep expires an invitation with its own role', async () => {
    const estate = await newParties();
    await invite(estate);
    estate.advance(16 * DAY_MS);
    const deps = restricted(estate.deps, MASTER_KEY, roleOf(named('workers/expireInvitations')));
    expect(await expireInvitations.run({ deps: deps }, () => 1000)).toMatchObject({
      found: 1,
      expired: 1,
      failed: 0,
    });
  });

  test('the publisher files and tells an event with its own role, and names the call it came of', async () => {
    const estate = await newParties();
    const id = await accept(estate);
    const event = (await eventsOf(estate, id)).at(-1);
    const records = [await insertionOf(estate, id)];
    const deps = restricted(estate.deps, MASTER_KEY, roleOf(named('workers/publishEvents')));
    const outcome = await publishEvents.run({ deps: deps, bus: { publish: async () => [] } }, records);
    expect(outcome).toEqual({ again: undefined, illegible: 0 });
    const request = estate.logged.find(({ action }) => action === 'ConfirmRelation');
    expect(request?.['requestId']).toEqual(expect.any(String));
    expect(estate.logged.at(-1)).toMatchObject({
      job: 'publishEvents',
      requestId: request?.['requestId'],
      eventId: event?.['eventId'],
      isPublished: true,
    });
  });
});
