// Runs before every script that needs packages, so that each works from a fresh clone. Installs the packages of the
// lock file unless that was done for this very file. Plain JavaScript, because nothing is installed yet.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { refuseOldNode } from '#infra/nodeVersion.mjs';

/** How often a long installation tells how far it is. */
const PROGRESS_MS = 3000;
/** How long npm may wait for a registry that does not answer, once that is known. */
const PATIENCE_MS = 9000;

const root = new URL('../', import.meta.url);
const lock = readFileSync(new URL('package-lock.json', root), 'utf8');
const installed = new URL('node_modules/.installed-lock.json', root);

refuseOldNode();
if (!isInstalled()) {
  // Two that are started at the same moment would install over each other.
  const release = await holdAlone();
  if (!isInstalled()) await install();
  release();
}

function isInstalled() {
  return existsSync(installed) && readFileSync(installed, 'utf8') === lock;
}

/**
 * Waits until no other process installs here, and then has others wait. What stands for that is a local socket, which ends with its
 * process however that ends; Linux names it outside the file system.
 */
async function holdAlone() {
  const { dev, ino } = statSync(root);
  const name = `tributary-install-${dev}-${ino}`;
  const address = process.platform === 'linux' ? `\0${name}` : join(tmpdir(), name);
  for (let isTold = false; ; isTold = true) {
    // Whoever waits is connected until this process lets go or ends.
    const waiting = new Set();
    const server = createServer((connection) => waiting.add(connection.on('error', () => undefined).unref()));
    // Where there can be no such socket, such as under too long a path, nobody is waited for.
    const isHeld = await once(server.unref().listen(address), 'listening').then(
      () => true,
      ({ code }) => code !== 'EADDRINUSE',
    );
    if (isHeld) {
      return () => {
        server.close();
        for (const connection of waiting) connection.destroy();
      };
    }
    if (!isTold) tell('Another command is installing the packages that this needs: waiting for it.');
    await ending(address);
  }
}

/** Resolves when the process that holds the address has let go. */
async function ending(address) {
  const other = createConnection(address);
  other.resume();
  const isReached = await once(other, 'connect').then(
    () => true,
    () => false,
  );
  if (isReached) await once(other, 'close').catch(() => undefined);
  // A file of a process that was killed is answered by nobody.
  else if (!address.startsWith('\0')) rmSync(address, { force: true });
}

async function install() {
  tell('Installing the packages that this needs, once; that may take a minute.');
  // No package of ours needs its install scripts, and one would fetch a binary that nobody uses. What is at hand is not asked for again.
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
  const npm = run([
    'ci',
    ...options,
    '--fetch-retries=1',
    '--fetch-retry-mintimeout=1000',
    '--fetch-retry-maxtimeout=1000',
  ]);
  const progress = watch(npm, run(['ping', '--fetch-retries=0', '--fetch-timeout=5000']));
  const { status, said } = await npm.ended;
  clearInterval(progress.timer);
  if (status === 0) return writeFileSync(installed, lock);
  const fault = networkFault(said) ?? progress.fault;
  tell(
    fault === undefined
      ? said
      : `npm cannot reach the registry to install the packages that this needs (${fault}): connect to the network, or set npm's registry or proxy, and try again.`,
  );
  process.exit(status || 1);
}

/** Tells how far npm is, and ends it when nothing comes any more and the registry does not answer. */
function watch(npm, ping) {
  const watched = { timer: undefined, fault: undefined };
  ping.ended.then(({ status, said }) => {
    if (status !== 0) watched.fault = networkFault(said);
  });
  let [seen, sinceMs] = [0, Date.now()];
  watched.timer = setInterval(() => {
    const count = countModules();
    if (count !== seen) [seen, sinceMs] = [count, Date.now()];
    if (watched.fault !== undefined && Date.now() - sinceMs >= PATIENCE_MS) return npm.end();
    tell(`Installing: ${seen} packages so far.`);
  }, PROGRESS_MS);
  return watched;
}

function run(words) {
  const child = spawn('npm', words, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  const ended = new Promise((resolve) => {
    child.once('error', (error) => resolve({ status: 1, said: String(error) }));
    child.once('close', (status) => resolve({ status, said }));
  });
  return { ended, end: () => child.kill() };
}

/** What npm says of a network that is not there; undefined if something else is the matter. */
function networkFault(said) {
  const codes =
    'ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|FETCH_ERROR|EIDLETIMEOUT';
  return new RegExp(`\\b(${codes})\\b`).exec(said)?.[1];
}

/** How many packages are there. npm makes all their folders first. */
function countModules() {
  const names = Object.keys(JSON.parse(lock).packages).filter((name) => name !== '');
  return names.filter((name) => existsSync(new URL(`${name}/package.json`, root))).length;
}

function tell(text) {
  process.stderr.write(`${text.trim()}\n`);
}
