import type { BatchGetCommandInput, QueryCommandInput, TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { expect, it } from 'vitest';
import type { DocumentClient } from '#lib/table/requests.ts';
import { newTappedEstate, type TappedEstate } from '#test/store/tappedEstate.ts';
import type { Answer, Params, Signer } from '#test/support/estate.ts';
import { type Expressive, faultsOf } from '#test/table/expressions.ts';

type Item = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** What clients have sent to DynamoDB, of the kinds that there are rules for. */
export interface Heard {
  readonly transactions: TransactWriteCommandInput[];
  readonly queries: QueryCommandInput[];
  readonly batches: BatchGetCommandInput[];
}

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
export function listen({ middlewareStack }: DocumentClient, { batches, queries, transactions }: Heard): void {
  middlewareStack.add(
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

/** Calls BSS in many orders, on an estate of its own whose requests are recorded. Answers what the calls were told. */
export async function exerciseHeard(heard: Heard): Promise<Answer[]> {
  const estate = await newTappedEstate();
  listen(estate.client, heard);
  const answers: Answer[] = [];
  await exercise(estate, answers);
  return answers;
}

/** Calls BSS in all ways that write differently, mostly by callers who may and by callers who may not. */
async function exercise(estate: TappedEstate, answers: Answer[]): Promise<void> {
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

/** Defines the tests of what was sent by the time they run. */
export function testRequests({ batches, queries, transactions }: Heard): void {
  const items = () => transactions.flatMap(({ TransactItems = [] }) => TransactItems);

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

  it('never changes a key but the owners of an event, once they are known, the folder of a member, and where a tally is filed; and puts none that is empty', () => {
    const set = items().flatMap(({ Update }) =>
      (Update?.UpdateExpression?.match(/#(?:pk|sk|gsi[12]pk)(?= = )/g) ?? []).map(
        (name) => `${name} of ${String(Update?.Key?.['sk']).split('#')[0]}`,
      ),
    );
    expect(set.filter((key) => !/^#(?:gsi[12]pk of EVENT|gsi2pk of MEMBER|gsi1pk of TALLY)$/.test(key))).toEqual([]);
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
}
