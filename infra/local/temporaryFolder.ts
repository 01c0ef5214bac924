import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** A folder that does not outlive this process. */
export interface TemporaryFolder {
  readonly path: string;
  close(): Promise<void>;
}

/**
 * The shell reads from a pipe that closes when this process goes, even by SIGKILL. An engine that is ended by the same event may
 * still write a file into the folder while it is being removed.
 */
const guard = 'read -r _; rm -rf "$1" 2>/dev/null || { sleep 1; rm -rf "$1"; }';

/** Makes a folder that is removed when it is closed or when this process ends, however that ends. */
export function openTemporaryFolder(parent: string): TemporaryFolder {
  const path = mkdtempSync(join(parent, 'tributary-'));
  // A process group of its own keeps Ctrl-C from it until this process has finished.
  const shell = spawn('/bin/sh', ['-c', guard, 'guard', path], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  shell.on('error', () => undefined);
  shell.stdin.on('error', () => undefined);
  return {
    path,
    async close() {
      rmSync(path, { recursive: true, force: true });
      shell.stdin.end();
    },
  };
}
