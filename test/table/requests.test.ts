import type { BatchGetCommandInput, QueryCommandInput, TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { localClient } from '#infra/local/database.ts';
import { operations } from '#infra/operations.ts';
import { type Deps, openDeps } from '#lib/deps.ts';
import type { Operation } from '#lib/pipeline/declaration.ts';
import type { DocumentClient } from '#lib/table/requests.ts';
import { newParties } from '#test/bss/parties.ts';
import { newTappedEstate, type TappedEstate } from '#test/store/tappedEstate.ts';
import { testEndpoint } from '#test/support/engine.ts';
import { type Answer, type Estate, masterKey, type Params, type Signer } from '#test/support/estate.ts';
import { requestOf } from '#test/support/everyOperation.ts';
import { workers } from '#test/support/examples/workers.ts';
import { stage, waysOf } from '#test/support/examples.ts';
import { type Expressive, faultsOf } from '#test/table/expressions.ts';

type Item = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

const transactions: TransactWriteCommandInput[] = [];
const queries: QueryCommandInput[] = [];
const batches: BatchGetCommandInput[] = [];
const called = new Set<string>();
const answers: Answer[] = [];

const two = ['CHECK_FINANCE_INFO', 'FORBID_WITHDRAW_CASH'];
const one = two.slice(0, 1);
const DAY_MS = 24 * 60 * 60 * 1000;

function isTransaction(input: object): input is TransactWriteCommandInput {
  return 'TransactItems' in input;
}

function isQuery(input: object): input is QueryCommandInput {
  return 'KeyConditionExpression' in input;
}

function isBatch(input: object): input is BatchGetCommandInput {
  return 'RequestItems' in input;
}

/** Records every request of a client from now on. */
function listen(client: DocumentClient): void {
  client.middlewareStack.add(
    (next) => (args) => {
      const input: object = args.input;
      if (isTransaction(input)) transactions.push(input);
      if (isQuery(input)) queries.push(input);
      if (isBatch(input)) batches.push(input);
      return next(args);
    },
    { step: 'initialize', name: 'listen' },
  );
}

/** A process over an estate's table whose requests are recorded. */
async function heardProcess({ deps, tableName }: Estate): Promise<Deps> {
  const client = localClient(await testEndpoint());
  listen(client);
  return openDeps({ client, tableName, masterKey, ports: deps.ports });
}

/** Makes all calls of an operation: as dry runs, for real, under a token and again. */
async function goAllWays(operation: Operation): Promise<void> {
  const ClientToken = 'once';
  const write = [{ DryRun: true }, { DryRun: true, ClientToken }, { ClientToken }, { ClientToken }];
  for (const way of waysOf(operation)) {
    const { estate, example } = await stage(operation, way);
    const process = await heardProcess(estate);
    for (const options of operation.effect === 'write' ? write : [{}]) {
      const params = { ...example.params, ...options };
      const response = await estate.send(...requestOf(operation, { ...example, params }), process);
      answers.push({ status: response.status, body: await response.json() });
    }
    if (answers.at(-1)?.status === 200) called.add(operation.action);
  }
}

/** Makes all runs of every job. */
async function runAllJobs(): Promise<void> {
  for (const way of Object.values(workers).flat()) {
    const estate = await newParties();
    const { done, run } = await way(estate);
    expect(await run(await heardProcess(estate))).toMatchObject(done);
  }
}

/** Calls BSS in all ways that write differently, mostly by callers who may and by callers who may not. */
async function exercise(estate: TappedEstate): Promise<void> {
  const call = async (signer: Signer, action: string, params: Params = {}) => {
    const answer = await estate.call(signer, action, { RequestId: 'r', ...params });
    answers.push(answer);
    return answer;
  };
  const { operator } = estate;
  const [parent, child, sibling] = await Promise.all(['Alpha', 'Beta', 'Alpha'].map((name) => estate.account(name)));
  if (!parent || !child || !sibling) throw new Error('there are three accounts');
  const between = (member: Signer, by = parent) => ({
    RelationType: 'enterprise_group',
    ParentUserId: by.uid,
    ChildUserId: member.uid,
  });
  const add = async (member: Signer, terms: Params, by = parent): Promise<Params> => {
    const { body } = await call(by, 'AddAccountRelation', { ...between(member, by), ...terms });
    return { RelationId: body.Data?.RelationId };
  };
  const everyone = [parent, child, sibling];
  const confirmAll = async (relation: Params, PermissionCodes: string[]) => {
    for (const ConfirmCode of ['parent_cancel', 'child_disagree', 'child_agree']) {
      for (const signer of everyone.toReversed()) {
        await call(signer, 'ConfirmRelation', { ...relation, ConfirmCode, PermissionCodes });
      }
    }
  };
  const relieveAll = async (relation: Params, member: Signer) => {
    for (const signer of [...everyone.filter(({ uid }) => uid !== parent.uid), parent]) {
      for (const beside of [{}, between(member), between(member, signer)]) {
        await call(signer, 'RelieveAccountRelation', { ...relation, ...beside });
      }
    }
  };
  const modify = (relation: Params, RelationOperation: string, PermissionCodes: string[], ChildNick?: string) =>
    call(parent, 'ModifyAccountRelation', { ...relation, RelationOperation, PermissionCodes, ChildNick });

  for (const member of [child, sibling]) {
    await add(parent, { PermissionCodes: two });
    await add(parent, { PermissionCodes: two }, member);
    const first = await add(member, { PermissionCodes: two });
    await modify(first, 'ADD', one);
    await confirmAll(first, one);
    await confirmAll(await add(member, { PermissionCodes: two, ChildNick: 'dept' }), two);
    const agreed = await add(member, { PermissionCodes: two });
    await call(member, 'ConfirmRelation', { ...agreed, ConfirmCode: 'child_agree', PermissionCodes: two });
    for (const how of ['parent_cancel', 'child_disagree', 'child_agree']) {
      await modify(agreed, 'DELETE', one, how);
      const by = how === 'parent_cancel' ? parent : member;
      await call(by, 'ConfirmRelation', { ...agreed, ConfirmCode: how, PermissionCodes: two.slice(1) });
      await modify(agreed, 'ADD', two);
      await modify(agreed, 'ADD', two);
      estate.advance(16 * DAY_MS);
    }
    await call(member, 'QueryPermissionList', agreed);
    await relieveAll(agreed, member);
    await relieveAll(between(member), member);
    await add(member, { PermissionCodes: two });
    estate.advance(16 * DAY_MS);
    await call(member, 'GetAccountRelation', await add(member, { PermissionCodes: two }));
    await relieveAll(between(member), member);
    estate.advance(16 * DAY_MS);
  }
  const trust = { RoleCodes: ['trusteeship'] };
  await add(child, trust);
  for (const _ of ['first', 'again']) {
    await add(parent, trust, sibling);
    await relieveAll(await add(parent, trust, sibling), parent);
    await add(sibling, trust);
    const held = await add(sibling, { ...trust, PermissionCodes: one });
    await add(parent, trust, sibling);
    await relieveAll(held, sibling);
    await relieveAll(between(sibling), sibling);
    await call(sibling, 'RelieveAccountRelation', between(parent, sibling));
  }
  for (const StatusList of [
    [],
    ['RELATED'],
    ['CONFIRMING', 'CONNECTION_MASTER_CANCEL'],
    ['CHANGE_CONFIRMING', 'REJECTED'],
  ]) {
    for (const { uid } of everyone) {
      for (const signer of everyone) await call(signer, 'QueryRelationList', { UserId: uid, StatusList, PageSize: 1 });
    }
  }
  for (const params of [
    {},
    { Uid: 1234567890123456 },
    { Uid: 1234567890123456 },
    { Email: 'a@example.org' },
    { Email: 'a@example.org' },
  ]) {
    await call(operator, 'RegisterAccount', { Name: 'login', LegalName: 'Alpha', ...params });
  }
  await call(operator, 'DescribeAccount', { Uid: child.uid });
  await call(operator, 'ListRegisteredAccounts', { MaxResults: 2 });
  for (const params of [{ Uid: child.uid }, { Uid: 1999999999999999 }, { Operator: true }]) {
    await call(operator, 'IssueAccessKey', params);
  }
  await call(operator, 'RevokeAccessKey', { AccessKeyId: child.keyId });
  await call(operator, 'RevokeAccessKey', { AccessKeyId: 'TRIBUNKNOWNUNKNOWN' });
}

function expressiveOf({ ConditionCheck, Put, Update }: Item): Expressive {
  return Put ?? Update ?? ConditionCheck ?? {};
}

/** Of an item that is written, checked or read. */
function keyOf({ Put, ...named }: Item): string {
  const [one] = Object.values<{ readonly Key?: unknown } | undefined>(named);
  const { pk, sk } = Object(Put?.Item ?? one?.Key);
  return `${pk} ${sk}`;
}

beforeAll(async () => {
  const estate = await newTappedEstate();
  listen(estate.client);
  await exercise(estate);
  for (const operation of operations) await goAllWays(operation);
  await runAllJobs();
});

describe('what is sent to DynamoDB', () => {
  const items = () => transactions.flatMap(({ TransactItems = [] }) => TransactItems);

  it('was seen of every operation, and of every kind of answer but a fault', () => {
    expect(operations.map(({ action }) => action).filter((action) => !called.has(action))).toEqual([]);
    expect(new Set(answers.map(({ body }) => body.Reason)).size).toBeGreaterThan(15);
    expect(answers.filter(({ status }) => status >= 500).map(({ body }) => body)).toEqual([]);
  });

  it('names attributes and values by placeholders, all defined and all used, in parentheses only where they count', () => {
    const faults = [...items().map(expressiveOf), ...queries].flatMap(faultsOf);
    expect([...new Set(faults)]).toEqual([]);
  });

  it('never names one item twice in a transaction', () => {
    const repeated = transactions
      .map(({ TransactItems = [] }) => TransactItems.map(keyOf))
      .filter((keys) => new Set(keys).size < keys.length);
    expect(repeated).toEqual([]);
  });

  it('has something in each transaction, and no more than DynamoDB takes', () => {
    const sizes = transactions.map(({ TransactItems = [] }) => TransactItems.length);
    expect(sizes.filter((size) => size === 0 || size > 100)).toEqual([]);
  });

  it('writes no status without the record of the transition that leads there', () => {
    const unrecorded = transactions.filter(({ TransactItems = [] }) => {
      const led = TransactItems.flatMap(({ Put }) => (Put?.Item?.['type'] === 'event' ? [String(Put.Item['to'])] : []));
      const written = TransactItems.flatMap(({ Put, Update }) => {
        const status = Put?.Item?.['type'] === 'relation' ? Put.Item['status'] : undefined;
        return [status, Update?.ExpressionAttributeValues?.[':set_status']].filter((one) => one !== undefined);
      });
      return !written.every((status) => led.includes(String(status)));
    });
    expect(unrecorded).toEqual([]);
    const statuses = /SET .*#status =/;
    expect(items().some(({ Update }) => statuses.test(Update?.UpdateExpression ?? ''))).toBe(true);
    const otherwise = items().filter(
      ({ Update }) =>
        statuses.test(Update?.UpdateExpression ?? '') && !Update?.ExpressionAttributeValues?.[':set_status'],
    );
    expect(otherwise).toEqual([]);
  });

  it('asks for the old item wherever a condition may fail', () => {
    const asked = items()
      .map(({ ConditionCheck, Put, Update }) => Put ?? Update ?? ConditionCheck)
      .filter((item) => item?.ConditionExpression !== undefined)
      .map((item) => item?.ReturnValuesOnConditionCheckFailure);
    expect(new Set(asked)).toEqual(new Set(['ALL_OLD']));
  });

  it('never changes a key but the owners of an event, once they are known, and the folder of a member; and puts none that is empty', () => {
    const set = items().flatMap(({ Update }) =>
      (Update?.UpdateExpression?.match(/#(?:pk|sk|gsi[12]pk)(?= = )/g) ?? []).map(
        (name) => `${name} of ${String(Update?.Key?.['sk']).split('#')[0]}`,
      ),
    );
    expect(set.filter((key) => !/^#(?:gsi[12]pk of EVENT|gsi2pk of MEMBER)$/.test(key))).toEqual([]);
    const keys = items().flatMap(({ Put }) => Object.entries(Put?.Item ?? {}).filter(([name]) => /[ps]k$/.test(name)));
    expect(keys.filter(([, value]) => typeof value !== 'string' || value === '')).toEqual([]);
  });

  it('never asks for one item twice in a batch', () => {
    const keys = batches
      .flatMap(({ RequestItems = {} }) => Object.values(RequestItems))
      .map(({ Keys = [] }) => Keys.map((key) => JSON.stringify(key)));
    expect(keys.length).toBeGreaterThan(0);
    expect(keys.filter((batch) => new Set(batch).size < batch.length)).toEqual([]);
  });

  it('bounds every query of items', () => {
    const unbounded = queries.filter(({ Limit, Select }) => Select !== 'COUNT' && Limit === undefined);
    expect(unbounded).toEqual([]);
  });
});
