// Runs before every script that needs packages, so that each works from a fresh clone. Installs the packages of the
// lock file unless that was done for this very file. Plain JavaScript, because nothing is installed yet.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { refuseOldNode } from '#infra/nodeVersion.mjs';

refuseOldNode();

const root = new URL('../', import.meta.url);
const lock = readFileSync(new URL('package-lock.json', root), 'utf8');
const installed = new URL('node_modules/.installed-lock.json', root);

if (!existsSync(installed) || readFileSync(installed, 'utf8') !== lock) {
  // No package of ours needs its install scripts, and one would fetch a binary that nobody uses.
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status } = spawnSync('npm', ['ci', ...options], { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) process.exit(status ?? 1);
  writeFileSync(installed, lock);
}
