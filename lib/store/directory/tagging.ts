import type { Call } from '#lib/call.ts';
import type { Directory } from '#lib/domain/directory/directory.ts';
import { withFolderTags } from '#lib/domain/directory/folders.ts';
import type { Member } from '#lib/domain/directory/member.ts';
import type { Tags } from '#lib/domain/directory/tags.ts';
import { amendDirectory, directoryEvent } from '#lib/store/directory/directories.ts';
import { memberKey } from '#lib/store/keys.ts';
import { Stale, type Write, type WriteItem } from '#lib/table/commit.ts';
import { equal, together } from '#lib/table/expressions.ts';
import { update } from '#lib/table/items.ts';

/** What becomes of the tags of each resource. */
export type Tagging = (tags: Tags) => Tags;

/** What tags are put on or taken off: members that were read, or folders by their ids. */
export type Tagged = { readonly members: readonly Member[] } | { readonly folderIds: readonly string[] };

/**
 * Changes the tags of members or folders, all or none, with one event of their directory: fifty members with an event each would be more
 * than a transaction bears. Throws what `tagging` does, and `FolderUnknown`; `Stale` if one is no longer as it was read.
 */
export function tag(
  directory: Directory,
  tagged: Tagged,
  event: 'tagResources' | 'untagResources',
  tagging: Tagging,
  call: Call,
): Write {
  const resourceIds = 'members' in tagged ? tagged.members.map(({ uid }) => uid) : tagged.folderIds;
  return [
    ...('members' in tagged
      ? tagged.members.map((member) => retag(member, tagging))
      : [amendDirectory(directory, { folders: withFolderTags(directory, tagged.folderIds, tagging) })]),
    directoryEvent(directory, event, call, { resourceIds: resourceIds.join(',') }),
  ];
}

function retag({ joinedAtMs, tags, uid, version }: Member, tagging: Tagging): WriteItem {
  const change = together({ set: { tags: tagging(tags) } }, { add: { v: 1 } });
  // The versions of an account that has left and joined again begin at 1 again.
  return update(memberKey(uid), change, equal({ v: version, joinedAtMs }, 'read'), () => new Stale());
}
