import * as v from 'valibot';
import { integer, optionalField } from '#lib/dialects/fields.ts';
import { Refusal } from '#lib/errors.ts';
import { nextTokens } from '#lib/nextToken.ts';
import { operation } from '#lib/operation.ts';
import { accountUid, eventView, maxResults, nextToken } from '#lib/products/operator/fields.ts';
import { flatEnvelope, operator } from '#lib/products/operator/product.ts';
import { eventViewOf } from '#lib/products/operator/views.ts';

export const app = operation({
  action: 'ListEvents',
  product: operator,
  envelope: flatEnvelope,
  access: 'anyone',
  effect: 'read',
  input: v.object({
    RelationId: optionalField(integer(1), 'The relation whose events are listed; required, or Uid instead.'),
    Uid: optionalField(accountUid, 'Required unless RelationId is given.'),
    MaxResults: v.optional(maxResults, 20),
    NextToken: v.optional(nextToken),
  }),
  output: v.object({ Events: v.array(eventView), NextToken: v.optional(v.string()) }),
  errors: ['AlternativesMissing', 'RelationUnknown', 'CallerNotParty'],
  async run({ input, call, deps }) {
    const { MaxResults, NextToken, RelationId, Uid } = input;
    if ((RelationId === undefined) === (Uid === undefined)) {
      throw new Refusal('AlternativesMissing', { alternatives: 'either RelationId or Uid' });
    }
    const tokens = nextTokens(deps.keyring, call, { RelationId, Uid });
    const before = tokens.open(NextToken);
    const uid = call.uid;
    if (RelationId !== undefined) {
      const { relations } = deps;
      // To an account a relation of others is none.
      await (uid === undefined
        ? relations.get(RelationId, call.nowMs)
        : relations.getOfParty(RelationId, uid, call.nowMs));
    }
    if (uid !== undefined && Uid !== undefined && Uid !== uid) throw new Refusal('CallerNotParty', {});
    const events = await (RelationId === undefined
      ? deps.ledger.ofAccount(Uid ?? 0, MaxResults, before)
      : deps.ledger.ofSubject('relation', RelationId, MaxResults, before));
    const last = events.length === MaxResults ? events.at(-1) : undefined;
    return { Events: events.map(eventViewOf), ...(last && { NextToken: tokens.seal(last.eventId) }) };
  },
});
