import type { Account } from '#lib/domain/account.ts';
import { begin } from '#lib/domain/relation/begin.ts';
import type { Relation } from '#lib/domain/relation/relation.ts';

/** The current time in domain tests, epoch ms. */
export const nowMs = Date.UTC(2030, 0, 1);

/** An account; what a test does not care about is filled in. */
export function anAccount(account: Pick<Account, 'uid' | 'legalName'>): Account {
  return { name: `login${account.uid}`, createdAtMs: nowMs, ...account };
}

export const parent: Account = anAccount({ uid: 1, legalName: 'Alpha' });
export const child: Account = anAccount({ uid: 2, legalName: 'Beta' });

/** An invitation of `child` by `parent` at `nowMs`, with the test's changes. */
export function aRelation(changed: Partial<Relation> = {}): Relation {
  const proposal = { id: 7, parent, child, policy: 'management', permissions: ['view-bills'], nick: 'dept' } as const;
  return { ...begin(proposal, nowMs).relation, ...changed };
}
