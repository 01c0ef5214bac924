import * as v from 'valibot';
import { integer } from '#lib/dialects/fields.ts';
import { operation } from '#lib/operation.ts';
import { accountIds, relations as relationTypes, statuses } from '#lib/products/billing/fields.ts';
import { billing, listEnvelope } from '#lib/products/billing/product.ts';
import { financialRelation, financialRelationViewOf } from '#lib/products/billing/views.ts';
import { openRelationLists } from '#lib/store/relations/relationLists.ts';

export const app = operation({
  action: 'ListFinancialRelation',
  product: billing,
  envelope: listEnvelope,
  access: 'account',
  effect: 'read',
  input: v.object({
    AccountIDSearchList: v.optional(accountIds, []),
    Relation: v.optional(relationTypes, []),
    Status: v.optional(statuses, []),
    Limit: v.optional(v.pipe(integer(1, 100), v.description('Relations a page, at most 100.')), 10),
    Offset: v.optional(v.pipe(integer(0, 10_000_000), v.description('Relations to pass over.')), 0),
  }),
  output: v.object({
    List: v.array(financialRelation),
    Total: v.number(),
    Limit: v.number(),
    Offset: v.number(),
  }),
  errors: [],
  async run({ input, call, deps }) {
    const { AccountIDSearchList, Limit, Offset, Relation, Status } = input;
    const uid = call.uid;
    const filter = { uid, nowMs: call.nowMs, statuses: Status, policies: Relation };
    const { relations, total } = await openRelationLists(deps.table).page(filter, Offset, Limit, AccountIDSearchList);
    return { List: relations.map((relation) => financialRelationViewOf(relation, uid)), Total: total, Limit, Offset };
  },
});
