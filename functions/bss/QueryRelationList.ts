import * as v from 'valibot';
import { integer, uid } from '#lib/dialects/fields.ts';
import { Refusal } from '#lib/errors.ts';
import { operation } from '#lib/operation.ts';
import { queryEnvelope, statusList } from '#lib/products/bss/fields.ts';
import { bss } from '#lib/products/bss/product.ts';
import { type RelationInfo, relationInfo, relationInfoOf } from '#lib/products/bss/views.ts';
import { openRelationLists } from '#lib/store/relations/relationLists.ts';

export const app = operation({
  action: 'QueryRelationList',
  product: bss,
  envelope: queryEnvelope,
  access: 'account',
  effect: 'read',
  input: v.object({
    UserId: v.pipe(uid, v.description('The account whose relations are listed; the caller.')),
    PageNum: v.optional(v.pipe(integer(1, 100_000), v.description('The page, from 1.')), 1),
    PageSize: v.optional(v.pipe(integer(1, 100), v.description('Relations a page, at most 100.')), 20),
    StatusList: v.optional(statusList, []),
  }),
  output: v.object({
    PageNum: v.number(),
    PageSize: v.number(),
    TotalCount: v.number(),
    FinancialRelationInfoList: v.array(relationInfo),
  }),
  errors: ['CallerNotParty'],
  async run({ input, call, deps }) {
    const { PageNum, PageSize, StatusList, UserId } = input;
    if (call.uid !== UserId) throw new Refusal('CallerNotParty', {});
    const filter = { uid: UserId, statuses: StatusList, nowMs: call.nowMs };
    const { relations, total } = await openRelationLists(deps.table).page(filter, (PageNum - 1) * PageSize, PageSize);
    const FinancialRelationInfoList: RelationInfo[] = relations.map((relation) => relationInfoOf(relation, UserId));
    return { PageNum, PageSize, TotalCount: total, FinancialRelationInfoList };
  },
});
