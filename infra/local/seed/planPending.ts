import type { Path } from '#infra/local/seed/document.ts';
import { drawnUid, drawnUuid } from '#infra/local/seed/drawn.ts';
import type { PlannedDirectory, UidOf } from '#infra/local/seed/plan.ts';
import type { Target } from '#lib/domain/directory/handshake.ts';

/** What of a directory awaits somebody's answer. */
export interface PlannedPending {
  readonly directory: PlannedDirectory;
  readonly invitations: readonly PlannedInvitation[];
  readonly promotions: readonly PlannedPromotion[];
  readonly creations: readonly PlannedCreation[];
}

/** An account to be invited to a directory. */
export interface PlannedInvitation {
  readonly target: Target;
  readonly note: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly folder: readonly string[];
  readonly path: Path;
}

/** A resource account whose promotion is to be confirmed. */
export interface PlannedPromotion {
  readonly uid: number;
  readonly email: string;
  readonly recordId: string;
  readonly path: Path;
}

/** A cloud account whose creation is to be confirmed. */
export interface PlannedCreation {
  readonly uid: number;
  readonly displayName: string;
  readonly email: string;
  readonly recordId: string;
  readonly payerUid: number | undefined;
  readonly folder: readonly string[];
  readonly path: Path;
}

/** What is pending in a directory of a seed. An invitation of nobody, or of two, is told of. */
export function pendingIn(
  directory: PlannedDirectory,
  uidOf: UidOf,
  fault: (path: Path, sentence: string) => void,
): PlannedPending {
  const { managementUid, members, path, said } = directory;
  return {
    directory,
    invitations: said.invitations.map(({ account, email, folder, note, tags }, index) => {
      const own = [...path, 'invitations', index];
      if ((account === undefined) === (email === undefined))
        fault(own, 'has to have an account or an email, and not both.');
      const target: Target =
        account === undefined
          ? { type: 'email', entity: email ?? '' }
          : { type: 'account', entity: String(uidOf(account, [...own, 'account'])) };
      return { target, note, tags, folder: namesIn(folder), path: own };
    }),
    promotions: members.flatMap(({ path: own, promotion, uid }) => {
      if (promotion === undefined) return [];
      const { email, recordId = drawnUuid(`promotion of ${uid} to ${email.toLowerCase()}`) } = promotion;
      return [{ uid, email, recordId, path: [...own, 'promotion'] }];
    }),
    creations: said.creations.map(({ displayName, email, folder, payer, ...given }, index) => {
      const own = [...path, 'creations', index];
      const payerUid = payer === undefined ? undefined : uidOf(payer, [...own, 'payer']);
      const { uid = drawnUid(`creation of ${email.toLowerCase()} by ${managementUid}`) } = given;
      const { recordId = drawnUuid(`creation of ${uid} for ${email.toLowerCase()}`) } = given;
      return { uid, displayName, email, recordId, payerUid, folder: namesIn(folder), path: own };
    }),
  };
}

function namesIn(folder = ''): string[] {
  return folder.split('/').filter((one) => one !== '');
}
