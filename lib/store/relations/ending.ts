import type { Call } from '#lib/call.ts';
import type { Named } from '#lib/domain/relation/refusals.ts';
import type { Policy, Relation } from '#lib/domain/relation/relation.ts';
import { Refusal } from '#lib/errors.ts';
import { checkClear } from '#lib/store/obstacles.ts';
import { fire, refusalOf } from '#lib/store/relations/moves.ts';
import { addToTally, moved } from '#lib/store/relations/tallies.ts';
import { giveBack, takeFromBalance } from '#lib/store/standings.ts';
import { Stale, type Write } from '#lib/table/commit.ts';

/** A relation to be ended, and what the caller says of it. */
export interface Ending {
  readonly relationId: number;
  readonly call: Call;
  readonly named: Named;
}

/** What the write assumes of the relation. The child's uid is needed only where its standing is checked or changed. */
interface Assumption {
  readonly policy: Policy;
  readonly lentCredit: number;
  readonly childUid: number | undefined;
}

/**
 * Ends a relation in effect. What must not stand against it is checked in the same transaction (docs/decisions.md D10;
 * docs/vendors/volcengine-billing.md 5.6, alibaba-bss.md 2.5). A trusteeship cannot be ended while the child has open
 * orders or is in arrears, or the parent is overdrawn. In management, lent credit goes back to the parent; it is refused
 * if the child has spent it. The write assumes what the caller says, or else a management relation with nothing lent; if
 * the relation differs, another write is tried.
 */
export function end(ending: Ending): Write {
  const { childUid, policy } = ending.named;
  // If the caller names itself as the child, the relation refuses that. A transaction cannot check one standing twice.
  const isTrusteeship = policy === 'trusteeship' && childUid !== undefined && childUid !== parentUidIn(ending);
  return endAs(ending, { policy: isTrusteeship ? policy : 'management', lentCredit: 0, childUid });
}

/** The same of a relation that was read, as a part of another write: `Stale` if it is not as it was read. */
export function endAsRead({ childUid, id, lentCredit, parentUid, policy }: Relation, call: Call): Write {
  const ending = { relationId: id, call, named: { parentUid, childUid, policy } };
  return endAs(ending, { policy, lentCredit, childUid }).map((item) => ({
    ...item,
    refused: (row) => {
      const outcome = item.refused(row);
      return outcome instanceof Error ? outcome : new Stale();
    },
  }));
}

/** Only a parent ends a relation. */
function parentUidIn({ call }: Ending): number {
  return call.uid ?? 0;
}

function endAs(ending: Ending, assumed: Assumption): Write {
  const { relationId, call, named } = ending;
  const { childUid, lentCredit, policy } = assumed;
  const parentUid = parentUidIn(ending);
  return fire({
    event: 'end',
    relationId,
    call,
    named,
    assumed: { policy, lentCredit },
    amount: lentCredit > 0 ? -lentCredit : undefined,
    also: childUid === undefined ? [] : guardsOf(parentUid, childUid, assumed),
    otherwise(relation) {
      if (refusalOf({ event: 'end', call, named }, relation)) return undefined;
      if (relation.policy === policy && relation.lentCredit === lentCredit) return undefined;
      return endAs(ending, relation);
    },
  });
}

function guardsOf(parentUid: number, childUid: number, { policy, lentCredit }: Assumption): Write {
  if (policy === 'trusteeship') return releaseFromTrust(parentUid, childUid);
  return lentCredit > 0 ? takeBackCredit(parentUid, childUid, lentCredit) : [];
}

function releaseFromTrust(parentUid: number, childUid: number): Write {
  return [
    checkClear(childUid, {
      openOrders: 'OrdersOpen',
      overdrawn: 'ChildInArrears',
      arrears: 'ChildInArrears',
    }),
    checkClear(parentUid, { overdrawn: 'ParentOverdrawn' }),
    ...addToTally(parentUid, moved('active', 'ended'), { trusteeships: -1, endedTrusteeships: 1 }),
  ];
}

function takeBackCredit(parentUid: number, childUid: number, lentCredit: number): Write {
  return [
    takeFromBalance(childUid, lentCredit, () => new Refusal('LentCreditSpent', { uid: childUid })),
    giveBack(parentUid, lentCredit),
  ];
}
