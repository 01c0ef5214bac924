import { expect, test } from 'vitest';
import { operationDeps } from '#lib/lambda/production.ts';
import { metered, unused } from '#lib/table/requests.ts';
import { newParties } from '#test/bss/parties.ts';
import { newEstate } from '#test/support/estate.ts';

test('a call leaves one line: who, what, what came of it, how long, and what it asked of the table', async () => {
  const estate = await newEstate();
  const caller = await estate.account('Acme');
  estate.requests.length = 0;
  const { body } = await estate.call(caller, 'GetAccountRelation', { RelationId: 5, RequestId: 'mine' });
  expect(estate.logged).toHaveLength(1);
  expect(estate.logged[0]).toMatchObject({
    level: 'info',
    requestId: body.RequestId,
    method: 'POST',
    path: '/',
    product: 'bss',
    action: 'GetAccountRelation',
    uid: caller.uid,
    code: 'InvalidParameter',
    reason: 'RelationUnknown',
    durationMs: expect.any(Number),
    requests: estate.requests.length,
    roundTrips: estate.requests.length,
    readUnits: 2,
    writeUnits: 0,
  });
  expect(JSON.stringify(estate.logged)).not.toContain(caller.secret);
});

test('the line of a refused signature names its code as the reason, that of a success names none', async () => {
  const { logged, parent, call } = await newParties();
  await call({ ...parent, secret: 'wrong' }, 'QueryRelationList', { UserId: parent.uid });
  expect(logged.at(-1)).toMatchObject({ code: 'SignatureDoesNotMatch', reason: 'SignatureDoesNotMatch' });
  await call(parent, 'QueryRelationList', { UserId: parent.uid });
  expect(logged.at(-1)).toMatchObject({ code: 'OK' });
  expect(logged.at(-1)).not.toHaveProperty('reason');
  for (const record of logged) expect(record).not.toHaveProperty('undeclared');
});

test('the same line is metrics by product and action, in the namespace of its stage', async () => {
  const env = { METRIC_NAMESPACE: 'Tributary/test', MASTER_KEY: '00'.repeat(32), TABLE_NAME: 'none' };
  const { metricNamespace } = operationDeps(env).ports;
  const { account, call, logged } = await newEstate({ metricNamespace });
  const parent = await account('Acme');
  await call(parent, 'GetAccountRelation', { RelationId: 5 });
  const { _aws, ...record } = JSON.parse(JSON.stringify(logged.at(-1)));
  const [{ Dimensions, Metrics, Namespace }] = _aws.CloudWatchMetrics;
  expect({ Namespace, Dimensions }).toEqual({ Namespace: 'Tributary/test', Dimensions: [['product', 'action']] });
  const names = Metrics.map(({ Name }: { Name: string }) => Name);
  expect(names).toEqual(['calls', 'faults', 'durationMs']);
  for (const name of [...names, ...Dimensions[0]]) expect(record).toHaveProperty(name);
  expect(record).toMatchObject({ calls: 1, faults: 0 });
});

test('a call of what there is not makes no metrics, so nobody makes up dimensions', async () => {
  const { call, logged, parent } = await newParties();
  await call(parent, 'MadeUp');
  expect(logged.at(-1)).toMatchObject({ action: 'MadeUp' });
  expect(logged.at(-1)).not.toHaveProperty('_aws');
});

test('what calls at the same time ask of the table is counted to each alone', async () => {
  const estate = await newParties();
  const { call, logged, parent } = estate;
  await Promise.all(Array.from({ length: 8 }, () => call(parent, 'GetAccountRelation', { RelationId: 5 })));
  for (const { requests } of logged) expect(requests).toBeLessThanOrEqual(2);
});

test('requests side by side are one round trip: the wait for them, not for each', async () => {
  const { deps } = await newEstate();
  const usage = unused();
  const read = () => deps.table.get({ pk: 'none', sk: 'none' });
  await metered(usage, async () => {
    await read();
    await Promise.all([read(), read().then(read), read()]);
    await read();
  });
  expect(usage).toMatchObject({ requests: 6, roundTrips: 4 });
});

test('a refused transaction is counted as a request, like the record of the refusal', async () => {
  const { call, child, logged } = await newParties();
  await call(child, 'GetAccountRelation', { RelationId: 5 });
  await call(child, 'ConfirmRelation', {
    RelationId: 5,
    RequestId: 'r',
    ConfirmCode: 'child_disagree',
    PermissionCodes: ['CHECK_FINANCE_INFO'],
  });
  expect(logged.at(-1)).toMatchObject({ code: 'InvalidParameter', requests: 2, roundTrips: 2, writeUnits: 2 });
});
