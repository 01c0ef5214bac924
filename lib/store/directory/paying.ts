import type { Call } from '#lib/call.ts';
import { begin } from '#lib/domain/relation/begin.ts';
import { Refusal } from '#lib/errors.ts';
import { remainsOf } from '#lib/store/directory/members.ts';
import type { Payment } from '#lib/store/directory/payers.ts';
import { memberKey } from '#lib/store/keys.ts';
import { end } from '#lib/store/relations/ending.ts';
import { open } from '#lib/store/relations/opening.ts';
import { Stale, type Write } from '#lib/table/commit.ts';
import { equal } from '#lib/table/expressions.ts';
import { check, isOfSameRow } from '#lib/table/items.ts';

/**
 * Changes who pays for a member, in one transaction: ends the trusteeship with who pays now and opens one with who is to; either may be
 * the member itself, which then is in none. Nothing is written if it is so already. Throws `MemberTypeUnfit` for a cloud account, whose
 * payer is its own affair, and for one that is being deleted; and `PayerOutsideDirectory`, also if who pays now is not of the directory. Refused as the end and the opening of
 * a relation are; `Stale` if what was read has changed.
 */
export function changePayer({ account, current, member, next }: Payment, relationId: number, call: Call): Write {
  if (member.accountType !== 'resource' || member.status === 'deleting') throw new Refusal('MemberTypeUnfit', {});
  if (next?.payer.account.uid === current?.relation.parentUid) return [];
  if (current && !current.isOfDirectory) throw new Refusal('PayerOutsideDirectory', {});
  const { joinedAtMs, managementUid, uid } = member;
  const asRead = equal({ status: 'joined', accountType: 'resource', managementUid, joinedAtMs }, 'read');
  const remains = [
    check(memberKey(uid), asRead, () => new Stale()),
    ...(current ? remainsOf(managementUid, current.relation.parentUid) : []),
    ...(next ? remainsOf(managementUid, next.payer.account.uid) : []),
  ];
  const ending = current ? endFor(current.relation.id, current.relation.parentUid, uid, call) : [];
  if (next === undefined) return [...remains, ...ending];
  const { childSlot, pair, payer } = next;
  const { account: parent, counts, slot: parentSlot } = payer;
  const terms = { id: relationId, parent, child: account, policy: 'trusteeship', permissions: [], nick: '' } as const;
  const prior = { pair, childSlot, parentSlot, counts };
  return [...remains, ...inOne(ending, open({ ...begin(terms, call.nowMs), prior, call }))];
}

/** Ends the trusteeship that a member is in. The management account acts for its payer, which is of its directory. */
function endFor(relationId: number, parentUid: number, childUid: number, call: Call): Write {
  const named = { parentUid, childUid, policy: 'trusteeship' } as const;
  const [moved, ...rest] = end({ relationId, call: { ...call, uid: parentUid }, named });
  // It was read a moment ago: if it is otherwise now, who pays is read again.
  return moved ? [{ ...moved, refused: () => new Stale() }, ...rest] : [];
}

/** Two writes in one transaction, which cannot name a row twice: what the second checks of rows of the first, that does already. */
function inOne(first: Write, second: Write): Write {
  return [
    ...first,
    ...second
      .filter((item) => !('ConditionCheck' in item.action && first.some((one) => isOfSameRow(one, item))))
      .map((item) => ({
        ...item,
        refused: (...[row]: Parameters<typeof item.refused>) => {
          const answer = item.refused(row);
          return answer instanceof Error ? answer : inOne(first, answer);
        },
      })),
  ];
}
