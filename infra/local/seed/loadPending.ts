import { drawnText } from '#infra/local/seed/drawn.ts';
import { folderIn } from '#infra/local/seed/loadFolders.ts';
import type { Plan } from '#infra/local/seed/parties.ts';
import type { PlannedCreation, PlannedInvitation, PlannedPromotion } from '#infra/local/seed/planPending.ts';
import type { ReadSeed } from '#infra/local/seed/read.ts';
import { commitAll, refusingLate, type SeedWrite } from '#infra/local/seed/writing.ts';
import { callAs } from '#infra/local/unrecorded.ts';
import type { Deps } from '#lib/deps.ts';
import { newRecord, RESEND_AFTER_MS, type Undertaking } from '#lib/domain/directory/accountRecord.ts';
import { newHandshake, refuseOtherCompany } from '#lib/domain/directory/handshake.ts';
import { pendingIn, refuseInvitation } from '#lib/domain/directory/sentInvitations.ts';
import { Refusal } from '#lib/errors.ts';
import { recordNamed } from '#lib/store/directory/accountRecords.ts';
import { askCreation, askPromotion } from '#lib/store/directory/asking.ts';
import { freeSeat } from '#lib/store/directory/creating.ts';
import { readProspect } from '#lib/store/directory/invitees.ts';
import { invite } from '#lib/store/directory/inviting.ts';
import { getOwnMember } from '#lib/store/directory/recordReadings.ts';
import { emailRow } from '#lib/store/emails.ts';
import { accountKey, emailKey, handshakeKey, recordKey } from '#lib/store/keys.ts';

/** Sends the invitations of a seed, and asks for its promotions and creations: what was asked for before, or has come about, is left alone. */
export async function loadPending(deps: Deps, read: ReadSeed, { pending }: Plan): Promise<void> {
  for (const { creations, directory, invitations, promotions } of pending) {
    const asking = { deps, read, managementUid: directory.managementUid };
    // One after the other, because each counts those before it.
    for (const one of invitations) await ask(asking, one, () => invitationOf(asking, one));
    for (const one of promotions) await ask(asking, one, () => promotionOf(asking, one));
    for (const one of creations) await ask(asking, one, () => creationOf(asking, one));
  }
}

interface Asking {
  readonly deps: Deps;
  readonly read: ReadSeed;
  readonly managementUid: number;
}

type Asked = SeedWrite['write'] | undefined;

async function ask(
  { deps, read }: Asking,
  { path }: Pick<SeedWrite, 'path'>,
  work: () => Promise<Asked>,
): Promise<void> {
  const write = await refusingLate(read, path, work);
  if (write !== undefined) await commitAll(deps.table, read, [{ path, write }]);
}

async function invitationOf({ deps, managementUid, read }: Asking, planned: PlannedInvitation): Promise<Asked> {
  const { note, tags, target } = planned;
  const call = callAs(managementUid, 'loadSeed', deps);
  const { book, directory, invitee, management, seats } = await readProspect(deps.table, managementUid, target);
  const id = `h-${drawnText(`invitation of ${target.entity.toLowerCase()} to ${directory.id}`, 16)}`;
  const folderId = planned.folder.length === 0 ? undefined : folderIn(read, planned, directory);
  const named = { id, directoryId: directory.id, target, inviteeUid: invitee?.account.uid };
  const handshake = newHandshake({ ...named, note, tags, folderId }, management, call.nowMs);
  const isPending = pendingIn(book.sent, call.nowMs).some((name) => book.sent[name]?.invitee === handshake.invitee);
  if (isPending || (await deps.table.get(handshakeKey(id)))) return undefined;
  freeSeat(seats, directory, 0);
  refuseInvitation(book.sent, handshake.invitee, call.nowMs);
  if (invitee?.isInDirectory) throw new Refusal('AccountInDirectory', {});
  if (invitee) refuseOtherCompany(invitee.account, management);
  return invite({ handshake, mailTo: undefined }, book, { call, wallNowMs: deps.ports.wallNow() });
}

async function promotionOf(
  { deps, managementUid }: Asking,
  { email, recordId, uid }: PlannedPromotion,
): Promise<Asked> {
  const call = callAs(managementUid, 'loadSeed', deps);
  const { management, member } = await getOwnMember(deps.table, managementUid, uid);
  const { accountType, displayName, promotion } = member;
  if (accountType !== 'resource' || promotion !== undefined || (await deps.table.get(recordKey(recordId))))
    return undefined;
  const record = recordOf(deps, recordId, { kind: 'promotion', uid, displayName, email }, management);
  return askPromotion(record, { call, wallNowMs: deps.ports.wallNow() });
}

async function creationOf({ deps, managementUid, read }: Asking, planned: PlannedCreation): Promise<Asked> {
  const { displayName, email, payerUid, recordId, uid } = planned;
  const call = callAs(managementUid, 'loadSeed', deps);
  const [account, claim, record] = await deps.table.getMany([accountKey(uid), emailKey(email), recordKey(recordId)]);
  if (account || record || (claim && emailRow.read(claim).uid === uid)) return undefined;
  const { directory, management, payer, seats } = await deps.directories.prospect(managementUid, payerUid);
  freeSeat(seats, directory, 0);
  const creation = { directoryId: directory.id, folderId: folderIn(read, planned, directory), payerUid };
  const asked = recordOf(deps, recordId, { kind: 'creation', uid, displayName, email, creation }, management);
  return askCreation({ record: asked, payer }, { call, wallNowMs: deps.ports.wallNow() });
}

/** Nobody was sent its mail, so that may be sent at once. */
function recordOf(
  { keyring, ports }: Deps,
  id: string,
  asked: Undertaking,
  management: Parameters<typeof newRecord>[2],
): ReturnType<typeof newRecord> {
  const nowMs = ports.now();
  return {
    ...newRecord(recordNamed(id, keyring.linkToken), asked, management, nowMs),
    sentAtMs: nowMs - RESEND_AFTER_MS,
  };
}
