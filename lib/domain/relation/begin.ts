import { type Account, haveSameLegalName } from '#lib/domain/account.ts';
import type { Permission } from '#lib/domain/relation/permissions.ts';
import { INVITATION_TTL_MS, type Policy, type Relation, relationMachine } from '#lib/domain/relation/relation.ts';
import { Refusal } from '#lib/errors.ts';

/** The relation that a parent asks for. */
export interface Proposal {
  readonly id: number;
  readonly parent: Account;
  readonly child: Account;
  readonly policy: Policy;
  readonly permissions: readonly Permission[];
  readonly nick: string;
}

/**
 * How a new relation begins: active at once between accounts of the same verified legal name, else as an invitation. Throws
 * `SelfRelation`, and `LegalNamesDiffer` for a trusteeship between different legal names
 * (docs/vendors/alibaba-bss.md 4.2, T2 to T4).
 */
export function begin(proposal: Proposal, nowMs: number): { event: 'establish' | 'invite'; relation: Relation } {
  const { parent, child, permissions, ...terms } = proposal;
  if (parent.uid === child.uid) throw new Refusal('SelfRelation', { uid: parent.uid });
  const common = {
    ...terms,
    version: 1,
    parentUid: parent.uid,
    parentName: parent.name,
    childUid: child.uid,
    childName: child.name,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    lentCredit: 0,
    clearedBy: [],
  };
  const offered = { id: proposal.id, permissions };
  if (haveSameLegalName(parent, child)) {
    const grants = [{ ...offered, sinceMs: nowMs }];
    const status = relationMachine.transitions.establish.to;
    return { event: 'establish', relation: { ...common, sameLegalName: true, status, grants } };
  }
  if (terms.policy === 'trusteeship') throw new Refusal('LegalNamesDiffer', {});
  const offer = { offered, deadlineMs: nowMs + INVITATION_TTL_MS };
  const status = relationMachine.transitions.invite.to;
  return { event: 'invite', relation: { ...common, ...offer, sameLegalName: false, status, grants: [] } };
}
