import type { Held } from '#infra/local/seed/held.ts';
import { namesTo } from '#infra/local/seed/loadFolders.ts';
import type { Directory } from '#lib/domain/directory/directory.ts';

/** The invitations and creations that a directory waits for. */
export function writtenPending(directory: Directory, { invitations, records }: Held) {
  const sent = invitations.filter(({ directoryId }) => directoryId === directory.id);
  const asked = records.filter(({ creation }) => creation?.directoryId === directory.id);
  const placed = (folderId: string | undefined) => {
    const folder = folderId === undefined || !(folderId in directory.folders) ? '' : namesTo(directory, folderId);
    return folder !== '' && { folder };
  };
  return {
    ...(sent.length > 0 && {
      invitations: sent.map(({ folderId, note, tags, target }) => ({
        ...(target.type === 'email' ? { email: target.entity } : { account: Number(target.entity) }),
        ...(note !== '' && { note }),
        ...placed(folderId),
        ...(Object.keys(tags).length > 0 && { tags }),
      })),
    }),
    ...(asked.length > 0 && {
      creations: asked.map(({ creation, displayName, email, id: recordId, uid }) => ({
        uid,
        displayName,
        email,
        recordId,
        ...placed(creation?.folderId),
        ...(creation?.payerUid !== undefined && { payer: creation.payerUid }),
      })),
    }),
  };
}
