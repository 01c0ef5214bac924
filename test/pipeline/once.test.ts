import { type Profiler, Session } from 'node:inspector/promises';
import { describe, expect, test } from 'vitest';
import { newParties, type Parties } from '#test/bss/parties.ts';
import { type Params, signedCall } from '#test/support/estate.ts';
import { signedRequest } from '#test/support/everyOperation.ts';

/** How often a function of the project was called, as V8 counted it. */
interface Count {
  readonly file: string;
  readonly name: string;
  readonly calls: number;
}

/** Counts every call of a function in `lib` and `functions` while something is done. */
async function countsOf(work: () => Promise<unknown>): Promise<Count[]> {
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
    await session.post('Profiler.takePreciseCoverage');
    await work();
    const { result } = await session.post('Profiler.takePreciseCoverage');
    return result.flatMap(countsIn);
  } finally {
    await session.post('Profiler.stopPreciseCoverage');
    session.disconnect();
  }
}

function countsIn({ url, functions }: Profiler.ScriptCoverage): Count[] {
  const file = /\/((?:lib|functions)\/.*)$/.exec(url)?.[1];
  if (file === undefined || url.includes('node_modules')) return [];
  return functions.flatMap(({ functionName: name, ranges: [whole] }) => {
    // Functions without a name count too, also those by which the test runner gives a module's constants to others.
    const calls = whole?.count ?? 0;
    return calls > 0 ? [{ file, name, calls }] : [];
  });
}

/** A confirmation about to be sent, by a process that has looked up its key before. */
async function confirmation(estate: Parties): Promise<{ params: Params; query: string }> {
  const { call, child, parent } = estate;
  const relation = { RelationType: 'enterprise_group', ParentUserId: parent.uid, ChildUserId: child.uid };
  const PermissionCodes = ['CHECK_FINANCE_INFO'];
  const { body } = await call(parent, 'AddAccountRelation', { ...relation, RequestId: 'r', PermissionCodes });
  const { RelationId } = body.Data;
  await call(child, 'QueryPermissionList', { RelationId });
  const params = { RequestId: 'r', RelationId, ConfirmCode: 'child_agree', PermissionCodes };
  return {
    params,
    query: `RequestId=r&RelationId=${RelationId}&ConfirmCode=child_agree&PermissionCodes.1=CHECK_FINANCE_INFO`,
  };
}

const once = ['decodePairs', 'readAuthorization', 'schemeOf', 'routeOf', 'secretOf', 'receive', 'inputOf'];

describe('a ConfirmRelation', () => {
  test('has its query, scheme, route and key read once', async () => {
    const estate = await newParties();
    const { params } = await confirmation(estate);
    const request = signedCall(estate.child, 'ConfirmRelation', '2017-12-14', params);
    const counts = await countsOf(async () => expect((await estate.send(...request)).status).toBe(200));
    const callsOf = (wanted: string) =>
      counts.filter(({ name }) => name === wanted).reduce((total, { calls }) => total + calls, 0);
    const counted = Object.fromEntries(once.map((name) => [name, callsOf(name)]));
    // An operation's own parameters, and the options that any mutation has beside them.
    expect(counted).toEqual({ ...Object.fromEntries(once.map((name) => [name, 1])), inputOf: 2 });
  });

  test('has a form decoded once too', async () => {
    const estate = await newParties();
    const { query: body } = await confirmation(estate);
    const wire = { action: 'ConfirmRelation', version: '2017-12-14', contentType: 'application/x-www-form-urlencoded' };
    const request = signedRequest(estate.child, { ...wire, body });
    const counts = await countsOf(async () => expect((await estate.send(...request)).status).toBe(200));
    expect(counts.find(({ name }) => name === 'decodeForm')).toMatchObject({ calls: 1 });
  });

  test('runs through few files', async () => {
    const estate = await newParties();
    const { params } = await confirmation(estate);
    const request = signedCall(estate.child, 'ConfirmRelation', '2017-12-14', params);
    const counts = await countsOf(() => estate.send(...request));
    const files = [...new Set(counts.map(({ file }) => file))].toSorted();
    expect(files.length, files.join('\n')).toBeLessThanOrEqual(36);
  });
});
