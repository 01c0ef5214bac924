import * as v from 'valibot';
import { planEnrolment, refuseEnrolling } from '#lib/domain/governance/asked.ts';
import { operation } from '#lib/operation.ts';
import { tagsNamed } from '#lib/products/directory/tags.ts';
import { anyBaselineId } from '#lib/products/governance/baselines.ts';
import {
  creationEntries,
  creationIn,
  existingUid,
  overrideOf,
  overrides,
  sentTagOf,
  sentTags,
} from '#lib/products/governance/enrolments.ts';
import { creatingReasons, enrollingReasons } from '#lib/products/governance/errors.ts';
import { governance, governanceEnvelope } from '#lib/products/governance/product.ts';
import { createResourceAccount } from '#lib/store/directory/creating.ts';
import { enrollMember, enrollNew } from '#lib/store/governance/enrolling.ts';
import { readEnrolee, readProspect } from '#lib/store/governance/enrolmentReadings.ts';

export const app = operation({
  action: 'EnrollAccount',
  product: governance,
  envelope: governanceEnvelope,
  access: 'account',
  effect: 'write',
  input: v.object({
    ...creationEntries,
    AccountUid: existingUid,
    BaselineItems: overrides,
    BaselineId: anyBaselineId,
    Tag: sentTags,
  }),
  output: v.object({ AccountUid: v.number() }),
  errors: [...enrollingReasons, ...creatingReasons],
  async run({ input: { AccountUid, BaselineId, BaselineItems, Tag, ...sent }, call, deps }) {
    const { ids, random } = deps.ports;
    const items = BaselineItems.map(overrideOf);
    const tags = Tag?.map(sentTagOf);
    if (AccountUid !== undefined) {
      const { enrolee, ...own } = await readEnrolee(deps.table, call.uid, BaselineId, AccountUid);
      const planned = planEnrolment(own.baseline, { uid: AccountUid, items, tags }, enrolee);
      refuseEnrolling(enrolee, call.nowMs);
      return { output: { AccountUid }, write: enrollMember(own, { enrolee, planned, tags }, call) };
    }
    const read = await readProspect(deps.table, call.uid, BaselineId, sent.PayerAccountUid);
    const wanted = creationIn(sent);
    const prospect = read.prospect();
    const own = { directory: prospect.directory, baseline: read.baseline() };
    const planned = planEnrolment(own.baseline, { ...wanted, items, tags });
    const drawn = { uid: ids.uid(), relationId: ids.next(call.nowMs), namePrefix: '', seat: random() };
    const named = { ...wanted, tags: tagsNamed(Tag ?? []) };
    const { member, write } = createResourceAccount(prospect, named, drawn, call);
    return { output: { AccountUid: member.uid }, write: [...write, ...enrollNew(own, member, planned, call)] };
  },
});
