// Runs before `npm start` and `npm test`, so that each works alone from a fresh clone: installs what the lock file
// names unless that was done for this very lock file. Plain JavaScript: nothing is installed yet.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const root = new URL('../', import.meta.url);
const lock = readFileSync(new URL('package-lock.json', root), 'utf8');
const installed = new URL('node_modules/.installed-lock.json', root);

if (!existsSync(installed) || readFileSync(installed, 'utf8') !== lock) {
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (npm.status !== 0) process.exit(npm.status ?? 1);
  writeFileSync(installed, lock);
}
