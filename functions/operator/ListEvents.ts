import * as v from 'valibot';
import { integer, optionalField } from '#lib/dialects/fields.ts';
import { Refusal } from '#lib/errors.ts';
import { nextTokens } from '#lib/nextToken.ts';
import { operation } from '#lib/operation.ts';
import { eventView, eventViewOf, subject, subjectId, subjectIn } from '#lib/products/operator/events.ts';
import { accountUid, maxResults, nextToken } from '#lib/products/operator/fields.ts';
import { flatEnvelope, operator } from '#lib/products/operator/product.ts';
import { findHolder } from '#lib/store/eventLists.ts';

export const app = operation({
  action: 'ListEvents',
  product: operator,
  envelope: flatEnvelope,
  access: 'anyone',
  effect: 'read',
  input: v.object({
    RelationId: optionalField(integer(1), 'The relation whose events are listed; needed, or one of the next two.'),
    Uid: optionalField(accountUid, 'The account whose events are listed.'),
    Subject: v.optional(subject),
    SubjectId: v.optional(subjectId),
    MaxResults: v.optional(maxResults, 20),
    NextToken: v.optional(nextToken),
  }),
  output: v.object({ Events: v.array(eventView), NextToken: v.optional(v.string()) }),
  errors: ['AlternativesMissing', 'RelationUnknown', 'CallerNotParty'],
  async run({ input, call, deps }) {
    const { MaxResults, NextToken, RelationId, Subject, SubjectId, Uid } = input;
    const { ledger, relations, table } = deps;
    const named = subjectIn(input);
    const tokens = nextTokens(deps.keyring, call, { RelationId, Uid, Subject, SubjectId });
    const before = tokens.open(NextToken);
    if (named?.subject === 'relation') {
      // An account must not learn whether a relation between others exists.
      if (call.uid === undefined) await relations.get(named.id, call.nowMs);
      else await relations.getOfParty(named.id, call.uid, call.nowMs);
    } else if (call.uid !== undefined) {
      const holder = named === undefined ? Uid : await findHolder(table, named);
      if (holder !== call.uid) throw new Refusal('CallerNotParty', {});
    }
    const events = await (named === undefined
      ? ledger.ofAccount(Uid ?? 0, MaxResults, before)
      : ledger.ofSubject(named.subject, named.id, MaxResults, before));
    const last = events.length === MaxResults ? events.at(-1) : undefined;
    const views = events.map((event) => eventViewOf(event, call.caller.kind));
    return { Events: views, ...(last && { NextToken: tokens.seal(last.eventId) }) };
  },
});
