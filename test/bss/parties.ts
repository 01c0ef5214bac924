import { expect } from 'vitest';
import { clearStanding, type Standing } from '#lib/domain/account.ts';
import type { Ports } from '#lib/ports.ts';
import { relationKey } from '#lib/store/keys.ts';
import { putStanding } from '#lib/store/standings.ts';
import { commit } from '#lib/table/commit.ts';
import type { Row } from '#lib/table/table.ts';
import { type Answer, type Estate, newPeopledEstate, type Params, type Signer } from '#test/support/estate.ts';

/** 2025-03-02T15:12:34.567Z: seconds and milliseconds that a time to the minute must lose. */
export const START_MS = Date.UTC(2025, 2, 2, 15, 12, 34, 567);
export const MINUTE_MS = 60_000;
export const DAY_MS = 24 * 60 * MINUTE_MS;
/** An invitation and a pending change wait this long. */
export const WAIT_MS = 15 * DAY_MS;

/** The four literals that stand for the third ConfirmCode. */
export const withdrawals = [
  'Alibaba Cloud account cancellation confirmation',
  '主账号取消确认',
  'Canceled by the master account',
  'parent_cancel',
];

/** Sent by every operation on one relation. */
export const tracing = { RequestId: 'request-1' };

/** An estate whose domain clock stands still until it is turned, with accounts of three companies. */
export interface Parties extends Estate {
  readonly parent: Signer;
  /** Of another company than the parent. */
  readonly child: Signer;
  /** Of the parent's company. */
  readonly sibling: Signer;
  /** Of a third company, and party to nothing. */
  readonly stranger: Signer;
}

export async function newParties(overrides: Partial<Ports> = {}): Promise<Parties> {
  let nowMs = START_MS;
  const companies = { parent: 'Acme', child: 'Bolt', sibling: 'Acme', stranger: 'Chip' };
  const { signers, ...estate } = await newPeopledEstate(companies, { ...overrides, now: () => nowMs });
  return {
    ...estate,
    advance: (ms) => {
      nowMs += ms;
    },
    nowMs: () => nowMs,
    ...signers,
  };
}

/** The parameters by which a parent relates a child to itself. */
export function proposal(parent: Signer, child: Signer, params: Params = {}): Params {
  return {
    ...tracing,
    RelationType: 'enterprise_group',
    ParentUserId: parent.uid,
    ChildUserId: child.uid,
    ...params,
  };
}

/** A relation as its two parties and its type name it. */
export function tripleOf(parent: Signer, child: Signer): Params {
  return { RelationType: 'enterprise_group', ParentUserId: parent.uid, ChildUserId: child.uid };
}

/** Calls AddAccountRelation as the parent, which must succeed: an invitation, or a relation between siblings. */
export async function add(estate: Estate, parent: Signer, child: Signer, params: Params): Promise<number> {
  return succeeded(await estate.call(parent, 'AddAccountRelation', proposal(parent, child, params))).Data.RelationId;
}

/** Invites and accepts: an active relation between two companies. */
export async function relate(estate: Estate, parent: Signer, child: Signer, codes: string[]): Promise<number> {
  const id = await add(estate, parent, child, { PermissionCodes: codes });
  succeeded(await confirm(estate, child, id, 'child_agree', codes));
  return id;
}

export function confirm(
  { call }: Estate,
  by: Signer,
  RelationId: number,
  ConfirmCode: string,
  PermissionCodes: readonly string[],
): Promise<Answer> {
  return call(by, 'ConfirmRelation', { ...tracing, RelationId, ConfirmCode, PermissionCodes });
}

export function modify(
  { call }: Estate,
  by: Signer,
  RelationId: number,
  RelationOperation: 'ADD' | 'DELETE',
  PermissionCodes: readonly string[],
): Promise<Answer> {
  return call(by, 'ModifyAccountRelation', { ...tracing, RelationId, RelationOperation, PermissionCodes });
}

export function relieve({ call }: Estate, by: Signer, RelationId: number): Promise<Answer> {
  return call(by, 'RelieveAccountRelation', { ...tracing, RelationId });
}

/** The body of an answer that must be a success. */
export function succeeded({ status, body }: Answer): Answer['body'] {
  expect({ status, Message: body.Message, Success: body.Success }).toMatchObject({ status: 200, Success: true });
  return body;
}

/** The `Data` of GetAccountRelation, as one of the parties sees it. */
export async function relationOf({ call }: Estate, by: Signer, RelationId: number): Promise<Answer['body']> {
  return succeeded(await call(by, 'GetAccountRelation', { RelationId })).Data;
}

/** Puts the standing of an account: clear, but for what is given. */
export async function stand({ deps }: Estate, uid: number, standing: Partial<Standing>): Promise<void> {
  const before = await deps.standings.get(uid);
  await commit(deps.table, putStanding(uid, { ...clearStanding, ...standing }, before));
}

/** The permissions of a relation that hold now, as QueryPermissionList spells them. */
export async function permissionsOf({ call, parent }: Parties, RelationId: number): Promise<string[]> {
  const { Data } = succeeded(await call(parent, 'QueryPermissionList', { RelationId }));
  const permissions: { PermissionCode: string; EndTime?: string }[] = Data.PermissionList;
  return permissions.filter(({ EndTime }) => EndTime === undefined).map(({ PermissionCode }) => PermissionCode);
}

export function storedRelation({ deps }: Estate, id: number): Promise<Row | undefined> {
  return deps.table.get(relationKey(id));
}

/** What happened to a relation, as recorded, oldest first. */
export async function eventsOf({ deps }: Estate, id: number): Promise<Row[]> {
  const query = {
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :event)',
    ExpressionAttributeValues: { ':pk': relationKey(id).pk, ':event': 'EVENT#' },
  };
  const events: Row[] = [];
  for await (const row of deps.table.query(query, 100)) events.push(row);
  return events;
}

/** Runs a call that must leave the relation, its events and every other row of the table as they are. */
export async function untouched(estate: Estate, id: number, call: () => Promise<Answer>): Promise<Answer> {
  const before = {
    row: await storedRelation(estate, id),
    events: await eventsOf(estate, id),
    all: await estate.dump(),
  };
  const answer = await call();
  const after = await storedIn(estate, id);
  expect(after.row?.['v']).toBe(before.row?.['v']);
  expect(after.events).toHaveLength(before.events.length);
  expect(after).toEqual(before);
  return answer;
}

async function storedIn(estate: Estate, id: number) {
  const all = await estate.dump();
  const { pk, sk } = relationKey(id);
  const own = all.filter((row) => row['pk'] === pk);
  return { all, row: own.find((row) => row['sk'] === sk), events: own.filter(({ type }) => type === 'event') };
}
