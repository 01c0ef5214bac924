import { expect } from 'vitest';
import { localClient } from '#infra/local/database.ts';
import type { Deps } from '#lib/deps.ts';
import { openTable } from '#lib/table/openTable.ts';
import { signVolcengine } from '#test/auth/signers.ts';
import type { Parties } from '#test/bss/parties.ts';
import type { Answer, Estate, Params, Signer } from '#test/support/estate.ts';

/** The JSON body of a call, whatever a client may put into it. */
export type Body = Readonly<Record<string, unknown>>;

/** One request, ready to be sent, as often as a client likes. */
export type Request = readonly [path: string, init: RequestInit];

export const VERSION = '2022-01-01';

let calls = 0;

/** A call as the vendor's SDKs send it: Action and Version in the query, the rest as a JSON body, the signature in the headers. */
export function signedJson({ keyId, secret }: Signer, action: string, body: Body, path = '/'): Request {
  const content = Buffer.from(JSON.stringify(body));
  // Times are signed to the second: without a number of its own a call would be the retry of an equal one before it.
  const headers = { 'x-call': String(++calls) };
  const signing = { keyId, secret, nowMs: Date.now(), method: 'POST', path, body: content, headers };
  const signed = signVolcengine({ ...signing, query: `Action=${action}&Version=${VERSION}` });
  signed.headers.set('content-type', 'application/json');
  return [signed.url, { method: 'POST', headers: signed.headers, body: content }];
}

/** The JSON answer to a request. */
export async function sent(estate: Estate, [path, init]: Request, process?: Deps): Promise<Answer> {
  const response = await estate.send(path, init, process);
  expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
  return { status: response.status, body: await response.json() };
}

/** Calls an operation of billing. */
export function bill(estate: Estate, by: Signer, action: string, body: Body = {}): Promise<Answer> {
  return sent(estate, signedJson(by, action, body));
}

export const requestId = expect.stringMatching(/^\d{14}[\dA-F]{20}$/);
const baseResp = { StatusMessage: '', StatusCode: 0 };

/** What every answer says of its request, signed for the region the SDKs sign for. */
export function metadata(Action: string, Region = 'cn-beijing') {
  return { RequestId: requestId, Action, Version: VERSION, Service: 'billing', Region };
}

/** The whole answer of an operation that acknowledges: beside the metadata for the SDKs, and inside as the vendor prints it. */
export function acknowledged(action: string, fields: Body = {}): Answer {
  const Result = { IsSuccess: true, ...fields, BaseResp: baseResp };
  return { status: 200, body: { ResponseMetadata: { ...metadata(action), Result }, Result } };
}

/** The whole answer of an operation that lists. */
export function listed(action: string, fields: Body): Answer {
  return {
    status: 200,
    body: { ResponseMetadata: metadata(action), Result: { ...fields, BaseResp: baseResp } },
  };
}

/** The whole answer to a call refused for a reason: every field of it, and no other. */
export function refusedAs(
  action: string,
  Reason: string,
  Code: string,
  Message: string,
  { status = 400, number = 0 } = {},
): Answer {
  const error = { CodeN: number, Code, Message, Reason };
  return { status, body: { ResponseMetadata: { ...metadata(action), Error: error } } };
}

/** The answer to a call without a field that it requires. */
export function lacks(action: string, field: string): Answer {
  return refusedAs(action, 'ParameterMissing', 'MissingParameter', `The required parameter ${field} is missing.`);
}

/** The answer to a call whose field is, for the reason, not what it can be. */
export function isInvalid(action: string, field: string, reason = 'ParameterInvalid'): Answer {
  return refusedAs(action, reason, 'ParamInvalid', `The specified parameter ${field} is invalid.`);
}

/** The answer to a call by an account that may not make it. */
export function isUnauthorized(action: string, reason: string): Answer {
  const message = 'The operator does not have permission to change the authorization for this relationship';
  return refusedAs(action, reason, 'OperationDenied.OperatorNoAuthority', message);
}

/** The `Result` of an answer that must be a success. */
export function resultOf({ status, body }: Answer): Answer['body'] {
  expect({ status, Error: body.ResponseMetadata?.Error }).toEqual({ status: 200 });
  return body.Result;
}

/** Runs a call that must be refused as given and change nothing. */
export async function expectRefusal(estate: Estate, expected: Answer, call: () => Promise<Answer>): Promise<void> {
  const before = await estate.dump();
  expect(await call()).toStrictEqual(expected);
  expect(await estate.dump()).toEqual(before);
}

/** What CreateFinancialRelation asks for: management, unless it is told otherwise. */
export function offer(child: Signer, fields: Body = {}): Body {
  return { SubAccountID: child.uid, Relation: 4, AuthListStr: '1,3,5', ...fields };
}

/** Creates a relation, which must succeed, and answers it as ListFinancialRelation shows it to the parent. */
export async function create(estate: Estate, by: Signer, child: Signer, fields: Body = {}): Promise<Answer['body']> {
  expect(await bill(estate, by, 'CreateFinancialRelation', offer(child, fields))).toStrictEqual(
    acknowledged('CreateFinancialRelation'),
  );
  return relationWith(estate, by, child);
}

/** The latest relation with a counterparty, as ListFinancialRelation shows it. */
export async function relationWith(estate: Estate, by: Signer, counterparty: Signer): Promise<Answer['body']> {
  const filter = { AccountIDSearchList: [String(counterparty.uid)], Limit: 100 };
  const { List } = resultOf(await bill(estate, by, 'ListFinancialRelation', filter));
  return List.at(-1);
}

/** The answer to a relation's invitation, or to its pending change, as the child gives it. */
export function answering(relation: Answer['body'], Action: 2 | 3): Body {
  const pending = pendingOf(relation);
  const { MajorAccountID, Relation, RelationID } = relation;
  return relation.Status === 100
    ? { InvitationType: 1, Action, RelationID, MajorAccountID, Relation }
    : { InvitationType: 2, Action, RelationID, AuthID: pending?.AuthID };
}

/** The cancelling of a relation's invitation, or of its pending change, as the parent asks for it. */
export function cancelling(relation: Answer['body']): Body {
  const { Relation, RelationID, SubAccountID } = relation;
  return relation.Status === 100
    ? { InvitationType: 1, RelationID, SubAccountID, Relation }
    : { InvitationType: 2, RelationID, AuthID: pendingOf(relation)?.AuthID };
}

/** The authorization that awaits the child. */
export function pendingOf({ AuthInfo }: Answer['body']): { AuthID: string; AuthList: number[] } | undefined {
  return AuthInfo.find(({ AuthStatus }: { AuthStatus: number }) => AuthStatus === 100);
}

/** A management relation between two companies, invited and accepted, as the parent sees it. */
export async function manage(estate: Parties, fields: Body = {}): Promise<Answer['body']> {
  const invited = await create(estate, estate.parent, estate.child, fields);
  resultOf(await bill(estate, estate.child, 'HandleInvitation', answering(invited, 2)));
  return relationWith(estate, estate.parent, estate.child);
}

/** The same with a change of its points that awaits the child. */
export async function manageChanging(estate: Parties, AuthListStr = '1,2'): Promise<Answer['body']> {
  const { RelationID } = await manage(estate);
  resultOf(await bill(estate, estate.parent, 'UpdateAuth', { RelationID, AuthListStr }));
  return relationWith(estate, estate.parent, estate.child);
}

/** What names a relation to the operations that end it and clean it up. */
export function naming({ Relation, RelationID, SubAccountID }: Answer['body']): Body {
  return { SubAccountID, RelationID, Relation };
}

/** Calls an operator's operation, which must succeed. */
export async function operate({ call, operator }: Estate, action: string, params: Params): Promise<Answer['body']> {
  const { status, body } = await call(operator, action, params);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

/** The process of an estate, unable to reach the table to write: below the SDK its line is cut. */
export function misdeployed({ deps }: Estate): Deps {
  const missing = Object.assign(new Error('there is no such table'), { $fault: 'client' });
  const client = localClient('http://tributary.invalid');
  client.config.requestHandler.handle = () => Promise.reject(missing);
  return { ...deps, table: openTable(client, 'any', deps.ports.pause) };
}
