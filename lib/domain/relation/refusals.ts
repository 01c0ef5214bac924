import { permissionsAsOffered, type Said } from '#lib/domain/relation/permissions.ts';
import { wrongStatus } from '#lib/domain/relation/reasons.ts';
import type { Policy, Relation, RelationParty, RelationStatus } from '#lib/domain/relation/relation.ts';
import type { Rules } from '#lib/domain/rules.ts';
import { Refusal } from '#lib/errors.ts';

/** What a caller says about the relation it names. It must be right. */
export interface Named {
  readonly parentUid?: number | undefined;
  readonly childUid?: number | undefined;
  readonly policy?: Policy | undefined;
  /** The id of the offered permissions. */
  readonly offerId?: number | undefined;
}

/** The refusal of a caller that is wrong about a relation (docs/vendors/alibaba-bss.md Q26). */
export function disagreement(relation: Relation, named: Named = {}): Refusal | undefined {
  const actual = { ...relation, offerId: relation.offered?.id };
  const wrong = (['parentUid', 'childUid', 'policy', 'offerId'] as const).find(
    (name) => named[name] !== undefined && named[name] !== actual[name],
  );
  return wrong && new Refusal('RelationOtherwise', { fact: wrong });
}

/** The reasons for which a relation refuses what its state table does not allow. */
export const relationRules: Rules<Relation, RelationStatus, RelationParty, 'permissionsAsOffered', Said> = {
  unknown: 'RelationUnknown',
  notParty: { parent: 'CallerNotParent', child: 'CallerNotChild' },
  wrongStatus,
  guards: {
    permissionsAsOffered,
  },
};
