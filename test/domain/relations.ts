import type { Account } from '#lib/domain/account.ts';
import { begin } from '#lib/domain/relation/begin.ts';
import type { Relation } from '#lib/domain/relation/relation.ts';

/** The instant domain tests take for now, epoch ms. */
export const nowMs = Date.UTC(2030, 0, 1);

/** An account with everything a test does not care about. */
export function anAccount(account: Pick<Account, 'uid' | 'legalName'>): Account {
  return { name: `login${account.uid}`, createdAtMs: nowMs, ...account };
}

export const parent: Account = anAccount({ uid: 1, legalName: 'Alpha' });
export const child: Account = anAccount({ uid: 2, legalName: 'Beta' });

/** An invitation of `child` by `parent`, as of `nowMs`, with what a test changes of it. */
export function aRelation(changed: Partial<Relation> = {}): Relation {
  const proposal = { id: 7, parent, child, policy: 'management', permissions: ['view-bills'], nick: 'dept' } as const;
  return { ...begin(proposal, nowMs).relation, ...changed };
}
