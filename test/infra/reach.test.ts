import { describe, expect, test } from 'vitest';
import { job as expireInvitations } from '#functions/workers/expireInvitations.ts';
import { job as publishEvents } from '#functions/workers/publishEvents.ts';
import { deployedFunctions } from '#infra/deployed.ts';
import { roleId, roles } from '#infra/roles.ts';
import type { Operation } from '#lib/pipeline/declaration.ts';
import { newParties, proposal, WAIT_MS } from '#test/bss/parties.ts';
import { deniedIn, grantsOf, restricted } from '#test/infra/grants.ts';
import type { Resource } from '#test/infra/packaged.ts';
import { type Path, pathsOf } from '#test/infra/paths.ts';
import { accept, insertionOf, invite } from '#test/infra/records.ts';
import { requestOf } from '#test/support/everyOperation.ts';

type Role = Pick<Resource, 'Properties'>;

const MASTER_KEY = Buffer.alloc(32, 7);
const all = await deployedFunctions();
const rendered: Readonly<Record<string, Role>> = JSON.parse(JSON.stringify(roles(all)));

const operations = all.flatMap((deployed) =>
  deployed.trigger.kind === 'operation'
    ? [[deployed.name, deployed.trigger.operation, rendered[roleId(deployed)] ?? { Properties: {} }] as const]
    : [],
);

/** What the pipeline does around an operation: plain, and known by a token, which a dry run does not use up. */
const token = { ClientToken: 'once' };
const offered = { PermissionCodes: ['CHECK_FINANCE_INFO'] };
const manners = {
  read: [[{}]],
  write: [
    [{ DryRun: 'true' }, {}],
    [{ DryRun: 'true', ...token }, token, token],
  ],
} as const;

/** Goes a path in each manner, each on an estate of its own; notes which grants that takes. */
async function go(operation: Operation, path: Path, role: Role, used: Set<string>): Promise<void> {
  for (const variants of manners[operation.effect]) {
    const estate = await newParties();
    const { by, params } = await path(estate);
    const deps = restricted(estate.deps, MASTER_KEY, role, used);
    const statuses: number[] = [];
    for (const options of variants) {
      const request = requestOf(operation, { by, params: { ...params, ...options } });
      statuses.push((await estate.send(...request, deps)).status);
    }
    expect(deniedIn(estate)).toEqual([]);
    expect(statuses.at(-1)).toBe(200);
    expect(statuses.filter((status) => status >= 500)).toEqual([]);
  }
}

/** Calls a mutation under a token that its caller has spent on another: what it finds under the token refuses it. */
async function goWithSpentToken(operation: Operation, path: Path, role: Role, used: Set<string>): Promise<void> {
  const estate = await newParties();
  const { by, params } = await path(estate);
  const spent =
    by.uid === 0
      ? await estate.call(by, 'RegisterAccount', { Name: 'other@test', LegalName: 'Other', ...token })
      : await estate.call(by, 'AddAccountRelation', proposal(by, estate.stranger, { ...offered, ...token }));
  expect(spent.status).toBe(200);
  const request = requestOf(operation, { by, params: { ...params, ...token } });
  const refused = await estate.send(...request, restricted(estate.deps, MASTER_KEY, role, used));
  expect({ status: refused.status, denied: deniedIn(estate) }).toEqual({ status: 400, denied: [] });
}

/** The grants of a role that were not used; that a dry run may check what it would write goes without saying. */
function unusedOf(role: Role, used: ReadonlySet<string>): string[] {
  const grants = grantsOf(role);
  const written = grants.filter(({ action }) => action === 'PutItem' || action === 'UpdateItem');
  return grants
    .filter(({ action, pattern }) => action !== 'ConditionCheckItem' || !written.some((one) => one.pattern === pattern))
    .map(({ text }) => text)
    .filter((text) => !used.has(text));
}

describe.each(operations)('%s', (_, operation, role) => {
  test('is granted what it does on all its ways, and nothing that it does on none', async () => {
    const used = new Set<string>();
    const paths = pathsOf(operation);
    for (const path of paths) await go(operation, path, role, used);
    const [path] = paths;
    if (path && operation.effect === 'write') await goWithSpentToken(operation, path, role, used);
    expect(unusedOf(role, used)).toEqual([]);
  });
});

describe('the workers', () => {
  const roleOf = (id: string): Role => rendered[id] ?? expect.fail(`there is no ${id}`);

  test('the sweep is granted what it does and nothing else', async () => {
    const estate = await newParties();
    await invite(estate);
    estate.advance(WAIT_MS);
    const used = new Set<string>();
    const role = roleOf('WorkersExpireInvitationsRole');
    const deps = restricted(estate.deps, MASTER_KEY, role, used);
    expect(await expireInvitations.run({ deps: deps }, () => 1000)).toMatchObject({ expired: 1, failed: 0 });
    expect(unusedOf(role, used)).toEqual([]);
  });

  test('the publisher is granted what it does and nothing else', async () => {
    const estate = await newParties();
    const record = await insertionOf(estate, await accept(estate));
    const used = new Set<string>();
    const role = roleOf('WorkersPublishEventsRole');
    const deps = restricted(estate.deps, MASTER_KEY, role, used);
    expect(await publishEvents.run({ deps: deps, bus: { publish: async () => [] } }, [record])).toEqual({
      again: undefined,
      illegible: 0,
    });
    expect(unusedOf(role, used)).toEqual([]);
  });
});
