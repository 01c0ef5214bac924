import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { newFolder } from '#test/support/emulatorProcess.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { version: own } = process;

/** A fresh clone, as far as installing goes. */
function freshClone(): string {
  const folder = newFolder();
  mkdirSync(join(folder, 'infra'));
  const files = [
    'package.json',
    'package-lock.json',
    '.npmrc',
    '.nvmrc',
    'infra/installed.mjs',
    'infra/nodeVersion.mjs',
  ];
  for (const file of files) copyFileSync(join(root, file), join(folder, file));
  return folder;
}

/** Has a Node.js say it is of an earlier version. */
function asVersion(version: string): string[] {
  const versions = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`;
  return ['--import', `data:text/javascript,${encodeURIComponent(versions)}`];
}

describe('a first start', () => {
  test('without a network says so in one sentence, within seconds', () => {
    const env = { PATH: process.env['PATH'], HOME: newFolder(), npm_config_registry: 'http://127.0.0.1:9' };
    const startedMs = performance.now();
    const ran = spawnSync(process.execPath, ['infra/installed.mjs'], { cwd: freshClone(), env, encoding: 'utf8' });
    process.stdout.write(`told in ${((performance.now() - startedMs) / 1000).toFixed(1)} s that there is no network\n`);
    expect(ran).toMatchObject({ status: 1, stdout: '' });
    const [first, ...others] = ran.stderr.trim().split('\n');
    expect(first).toBe('Installing the packages that this needs, once; that may take a minute.');
    expect(others.at(-1)).toMatch(
      /^npm cannot reach the registry to install the packages that this needs \(E\w+\): connect to the network, or set npm's registry or proxy, and try again\.$/,
    );
    for (const line of others.slice(0, -1)) expect(line).toMatch(/^Installing: \d+ packages so far\.$/);
  });

  test.each(['18.20.8', '20.18.3', '16.0.0'])('under Node.js %s says which it needs, and does nothing', (version) => {
    const words = [...asVersion(version), 'infra/installed.mjs'];
    const { status, stdout, stderr } = spawnSync(process.execPath, words, { cwd: freshClone(), encoding: 'utf8' });
    expect({ status, stdout, stderr }).toEqual({
      status: 1,
      stdout: '',
      stderr: `Tributary needs Node.js 20.19 or later, and this is ${version}: get one from https://nodejs.org, or by "nvm install 20".\n`,
    });
  });
});

describe('two first starts at the same moment', () => {
  /** A clone whose npm notes that it installs, and does nothing until it is told to go on. */
  function cloneWithSlowNpm() {
    const folder = freshClone();
    const npm =
      '#!/bin/sh\n[ "$1" = ci ] || exit 0\necho ci >> ci.log\nmkdir -p node_modules\nuntil [ -e go ]; do sleep 0.02; done\n';
    mkdirSync(join(folder, 'bin'));
    writeFileSync(join(folder, 'bin/npm'), npm, { mode: 0o755 });
    const env = { PATH: `${join(folder, 'bin')}:${process.env['PATH']}` };
    const start = (words: readonly string[] = [], more: NodeJS.ProcessEnv = {}) => {
      const child = spawn(process.execPath, [...words, 'infra/installed.mjs'], {
        cwd: folder,
        env: { ...env, ...more },
      });
      const said = { text: '' };
      child.stderr.on('data', (chunk) => {
        said.text += chunk;
      });
      return { child, said, ended: once(child, 'exit') };
    };
    const log = join(folder, 'ci.log');
    const installs = () => (existsSync(log) ? readFileSync(log, 'utf8').split('\n').filter(Boolean).length : 0);
    return { start, installs, goOn: () => writeFileSync(join(folder, 'go'), '') };
  }

  const waits = 'Another command is installing the packages that this needs: waiting for it.\n';

  test('install once: the second waits for the first, and says so', async () => {
    const { goOn, installs, start } = cloneWithSlowNpm();
    const first = start();
    await expect.poll(installs).toBe(1);
    const second = start();
    await expect.poll(() => second.said.text).toBe(waits);
    goOn();
    expect(await Promise.all([first.ended, second.ended])).toEqual([
      [0, null],
      [0, null],
    ]);
    expect(installs()).toBe(1);
    expect(second.said.text).toBe(waits);
  });

  test('wait for nobody where there can be no socket by which to know of another', async () => {
    const { goOn, installs, start } = cloneWithSlowNpm();
    goOn();
    // Elsewhere than on Linux the socket is a file.
    const elsewhere = "data:text/javascript,Object.defineProperty(process,'platform',{value:'darwin'})";
    const { ended, said } = start(['--import', elsewhere], { TMPDIR: `/nowhere/${'long'.repeat(30)}` });
    expect(await ended).toEqual([0, null]);
    expect(installs()).toBe(1);
    expect(said.text).not.toContain(waits);
  });

  test('do not wait for one that was killed', async () => {
    const { goOn, installs, start } = cloneWithSlowNpm();
    const first = start();
    await expect.poll(installs).toBe(1);
    const second = start();
    await expect.poll(() => second.said.text).toBe(waits);
    first.child.kill('SIGKILL');
    await expect.poll(installs).toBe(2);
    goOn();
    expect(await second.ended).toEqual([0, null]);
  });
});

test('the version that nvm finds named is one that is taken', () => {
  const [, major = ''] = /^v(\d+)\./.exec(own) ?? [];
  const named = readFileSync(join(root, '.nvmrc'), 'utf8').trim();
  expect(Number(named)).toBeGreaterThanOrEqual(20);
  expect(Number(named)).toBeLessThanOrEqual(Number(major));
});

test('npm install leaves the lock file and package.json as they are', () => {
  const folder = freshClone();
  const words = ['install', '--package-lock-only', '--ignore-scripts', '--offline', '--no-audit', '--no-fund'];
  const env = { PATH: process.env['PATH'], HOME: newFolder() };
  const { status, stderr } = spawnSync('npm', words, { cwd: folder, env, encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  for (const file of ['package-lock.json', 'package.json']) {
    expect(readFileSync(join(folder, file), 'utf8')).toBe(readFileSync(join(root, file), 'utf8'));
  }
});
