import * as v from 'valibot';
import type { Caller } from '#lib/call.ts';
import type { LedgerEvent } from '#lib/domain/event.ts';
import { Refusal } from '#lib/errors.ts';

/** The kinds of things that events tell of, as events call them. */
export const subject = v.pipe(
  v.picklist([
    'relation',
    'account',
    'accessKey',
    'directory',
    'member',
    'accountRecord',
    'handshake',
    'deletionCheck',
    'deletion',
    'enrolment',
  ]),
  v.description('With SubjectId, in place of RelationId or Uid: what kind of thing the events listed happened to.'),
);

export const subjectId = v.pipe(
  v.union([v.string(), v.pipe(v.number(), v.transform(String))]),
  v.regex(/^[\w.=+-]{1,128}$/),
  v.description(
    'Which one: the id of the relation, access key, directory, account record or handshake, or the uid of the account or member, which also checks, deletions and enrolments have.',
  ),
);

/**
 * What the events that are asked for happened to; undefined where those of an account are asked for. Throws `AlternativesMissing` unless
 * one of the three ways to name them is used, `ParameterInvalid` for an id that the subject cannot have.
 */
export function subjectIn({ RelationId, Subject, SubjectId, Uid }: EventsAskedFor): EventSubject | undefined {
  const named = [RelationId, Subject, Uid].filter((one) => one !== undefined);
  if (named.length !== 1 || (Subject === undefined) !== (SubjectId === undefined)) {
    throw new Refusal('AlternativesMissing', { alternatives: 'either RelationId, or Uid, or Subject and SubjectId' });
  }
  if (RelationId !== undefined) return { subject: 'relation', id: RelationId };
  if (Subject === undefined || SubjectId === undefined) return undefined;
  switch (Subject) {
    case 'accessKey':
    case 'directory':
    case 'accountRecord':
    case 'handshake':
      return { subject: Subject, id: SubjectId };
  }
  if (!/^[1-9]\d{0,15}$/.test(SubjectId)) {
    throw new Refusal('ParameterInvalid', { parameter: 'SubjectId', fault: 'value' });
  }
  return { subject: Subject, id: Number(SubjectId) };
}

interface EventsAskedFor {
  readonly RelationId?: number | undefined;
  readonly Subject?: v.InferOutput<typeof subject> | undefined;
  readonly SubjectId?: string | undefined;
  readonly Uid?: number | undefined;
}

type EventSubject =
  | {
      readonly subject: 'relation' | 'account' | 'member' | 'deletionCheck' | 'deletion' | 'enrolment';
      readonly id: number;
    }
  | { readonly subject: 'accessKey' | 'directory' | 'accountRecord' | 'handshake'; readonly id: string };

/** The facts of events: credit that moved, the holder of a key, a standing before and after. Money in minor units. */
const eventFacts = v.object({
  Amount: v.optional(v.number()),
  Uid: v.optional(v.number()),
  IsRoot: v.optional(v.boolean()),
  AvailableBalanceBefore: v.optional(v.number()),
  AvailableBalanceAfter: v.optional(v.number()),
  ArrearsBefore: v.optional(v.number()),
  ArrearsAfter: v.optional(v.number()),
  OpenOrdersBefore: v.optional(v.number()),
  OpenOrdersAfter: v.optional(v.number()),
  FrozenBefore: v.optional(v.boolean()),
  FrozenAfter: v.optional(v.boolean()),
  TargetType: v.optional(v.string()),
  DisplayName: v.optional(v.string()),
  DisplayNameBefore: v.optional(v.string()),
  DisplayNameAfter: v.optional(v.string()),
  FolderIdBefore: v.optional(v.string()),
  FolderIdAfter: v.optional(v.string()),
  AccountTypeBefore: v.optional(v.string()),
  AccountTypeAfter: v.optional(v.string()),
  Setting: v.optional(v.string()),
  IsEnabled: v.optional(v.boolean()),
  ResourceIds: v.optional(v.string()),
  RecordId: v.optional(v.string()),
  Kind: v.optional(v.string()),
  Reason: v.optional(v.string()),
  Findings: v.optional(v.string()),
  FolderId: v.optional(v.string()),
  FolderName: v.optional(v.string()),
  ParentFolderId: v.optional(v.string()),
  MemberQuotaBefore: v.optional(v.number()),
  MemberQuotaAfter: v.optional(v.number()),
  FolderQuotaBefore: v.optional(v.number()),
  FolderQuotaAfter: v.optional(v.number()),
  StatusBefore: v.optional(v.string()),
  StatusAfter: v.optional(v.string()),
  BaselineId: v.optional(v.string()),
  BaselineName: v.optional(v.string()),
  Item: v.optional(v.string()),
  Version: v.optional(v.string()),
  Config: v.optional(v.string()),
  Code: v.optional(v.string()),
});

/** Who did what when to what, from which status to which; times are ISO 8601 in UTC. */
export const eventView = v.object({
  EventId: v.string(),
  Time: v.string(),
  Subject: v.string(),
  SubjectId: v.string(),
  RelationId: v.optional(v.number()),
  Actor: v.string(),
  ActorKeyId: v.optional(v.string()),
  Action: v.string(),
  Event: v.string(),
  From: v.string(),
  To: v.string(),
  RequestId: v.string(),
  ...eventFacts.entries,
});

/** An event as it is read back; by which key an operator acted is for operators to know. */
export function eventViewOf({ facts = {}, ...event }: LedgerEvent, reader: Caller['kind']) {
  const told = Object.entries(facts).map(([name, value]) => [
    name.replace(/^./, (first) => first.toUpperCase()),
    value,
  ]);
  return {
    EventId: event.eventId,
    Time: new Date(event.timeMs).toISOString(),
    Subject: event.subject,
    SubjectId: String(event.id),
    ...(event.subject === 'relation' && { RelationId: Number(event.id) }),
    Actor: String(event.actor),
    ...(reader === 'operator' && event.actorKeyId !== undefined && { ActorKeyId: event.actorKeyId }),
    Action: event.action,
    Event: event.event,
    From: event.from,
    To: event.to,
    RequestId: event.requestId,
    ...v.parse(eventFacts, Object.fromEntries(told)),
  };
}
