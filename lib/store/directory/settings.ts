import type { Call } from '#lib/call.ts';
import type { Directory } from '#lib/domain/directory/directory.ts';
import { amendDirectory, directoryEvent } from '#lib/store/directory/directories.ts';
import type { Write } from '#lib/table/commit.ts';

/** What of a directory is switched on and off. */
type Setting = 'controlPolicy' | 'displayNameSync';

/** Switches a setting of a directory; nothing is written if it is so already. `Stale` if the directory is no longer as it was read. */
export function putSetting(directory: Directory, setting: Setting, isEnabled: boolean, call: Call): Write {
  if (directory[setting] === isEnabled) return [];
  return [
    amendDirectory(directory, { [setting]: isEnabled }),
    directoryEvent(directory, 'putSetting', call, { setting, isEnabled }),
  ];
}
