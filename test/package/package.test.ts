import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { bytesIn, type Packed, type Project, pack, projectWith } from '#test/package/packed.ts';
import { times } from '#test/support/breadth.ts';
import { newFolder } from '#test/support/emulatorProcess.ts';
import { atFileEnd } from '#test/support/fileEnd.ts';
import { processesNaming, processorMs } from '#test/support/processes.ts';

const MEGABYTE = 1_000_000;
const secondsFrom = (startMs: number) => ((performance.now() - startMs) / 1000).toFixed(1);

let packed: Packed;
let project: Project;

beforeAll(async () => {
  const packingMs = performance.now();
  packed = await pack(newFolder());
  const packing = secondsFrom(packingMs);
  const installingMs = performance.now();
  project = await projectWith(packed);
  const installing = secondsFrom(installingMs);
  atFileEnd(() => rmSync(project.folder, { recursive: true, force: true }));
  const [file, installed] = [packed.bytes, bytesIn(join(project.folder, 'node_modules'))].map((bytes) =>
    (bytes / MEGABYTE).toFixed(1),
  );
  process.stdout.write(`packed in ${packing} s: ${file} MB; installed in ${installing} s: ${installed} MB\n`);
});

describe('what is packed', () => {
  test('is compiled, and is all there is to it but the engine', () => {
    expect(packed.paths.filter((path) => !/^(dist|docs\/openapi)\//.test(path)).sort()).toEqual([
      'LICENSE',
      'README.md',
      'README.zh-CN.md',
      'package.json',
    ]);
    expect(packed.paths.filter((path) => /\.(map|test\..*|tsx?)$/.test(path))).toEqual(['dist/index.d.ts']);
    expect(packed.bytes).toBeLessThan(MEGABYTE);
    const { dependencies, main, types } = JSON.parse(
      readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
    );
    expect(dependencies).toBeUndefined();
    // TypeScript before its version 6 looks nowhere else, unless it is told to.
    expect(packed.paths.map((path) => `./${path}`)).toEqual(expect.arrayContaining([main, types]));
  });

  test('installs nothing but itself and the engine', () => {
    const modules = readdirSync(join(project.folder, 'node_modules')).filter((name) => !name.startsWith('.'));
    expect(modules.sort()).toEqual(['@dynoxide', 'tributary']);
  });

  test.each([
    ['import', 'types.mts'],
    ['require', 'types.cts'],
  ])('has types for whoever says %s', async (_, file) => {
    writeFileSync(
      join(project.folder, file),
      `import { createEmulator, type TestAccount } from 'tributary';
       export async function main(): Promise<[string, number]> {
         const emulator = await createEmulator({ port: 0 });
         const account: TestAccount = await emulator.account({ legalName: 'A' });
         // @ts-expect-error: there is no such option.
         await emulator.account({ legalNam: 'A' });
         const now: Date = await emulator.clock.advance({ days: 1 });
         return [emulator.url, account.uid + now.getTime()];
       }\n`,
    );
    const tsc = fileURLToPath(new URL('../../node_modules/.bin/tsc', import.meta.url));
    const words = [
      '--noEmit',
      '--strict',
      '--module',
      'nodenext',
      '--moduleResolution',
      'nodenext',
      '--types',
      '',
      file,
    ];
    await project.run(tsc, words);
  });
});

describe('the command', () => {
  const command = () => join(project.folder, 'node_modules/.bin/tributary');

  test('starts in under a second of work, is called, and leaves nothing behind', async () => {
    const data = join(project.folder, 'data');
    const startedMs = performance.now();
    const child = spawn(command(), ['--port', '0', '--data', data], { stdio: ['ignore', 'pipe', 'inherit'] });
    atFileEnd(() => child.kill('SIGKILL'));
    const [ready] = await once(child.stdout.setEncoding('utf8'), 'data');
    process.stdout.write(`ready in ${secondsFrom(startedMs)} s\n`);
    expect(ready).toMatch(/^Tributary ready on http:\/\/127\.0\.0\.1:\d+\n/);
    expect(processorMs(child.pid ?? 0)).toBeLessThan(1000);
    const words = ['tributary', 'call', 'ListRegisteredAccounts', '--MaxResults', '1'];
    const { stdout } = await project.run('env', [`TRIBUTARY_DATA=${data}`, 'npx', ...words]);
    expect(JSON.parse(stdout).Accounts).toHaveLength(1);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(processesNaming(data)).toEqual([]);
  });

  test('has every page and document of the emulator, and the estate in YAML', async () => {
    const script = `(async () => {
      const paths = ['docs', 'docs/bss/AddAccountRelation', 'openapi.json', 'seed.schema.json', 'estate?format=yaml'];
      for (const path of paths) {
        const answer = await fetch(process.env.BASE_URL + '/_emulator/' + path);
        console.log(answer.status, path, (await answer.text()).length > 1000);
      }
    })()`;
    const { stdout } = await project.run(command(), ['exec', '--', process.execPath, '-e', script]);
    expect(stdout.match(/^200 \S+ true$/gm)).toHaveLength(5);
  });

  test('tells its version', async () => {
    expect((await project.run(command(), ['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test.each([
    ['strat', 'There is no command strat; did you mean start?\n'],
    ['nothing-like-it', 'There is no command nothing-like-it.\n'],
  ])('has no %s, and says so', async (word, said) => {
    const refused = project.run(command(), [word]);
    await expect(refused).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining(said) });
  });

  test('says which Node.js it needs, under one that is too old', async () => {
    const versions = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.20.8' } })`;
    const older = ['--import', `data:text/javascript,${encodeURIComponent(versions)}`];
    const refused = project.run(process.execPath, [...older, command(), '--help']);
    await expect(refused).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^Tributary needs Node\.js 20\.19 or later, and this is 18\.20\.8: .*\n$/),
    });
  });

  test('says so to whoever imports or requires the library, too', async () => {
    const start = 'createEmulator().catch(({ message }) => console.log(message))';
    const older = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.20.8' } });`;
    for (const load of [`require('tributary').${start}`, `import('tributary').then((library) => library.${start})`]) {
      const { stdout } = await project.run(process.execPath, ['-e', older + load]);
      expect(stdout).toMatch(/^Tributary needs Node\.js 20\.19 or later, and this is 18\.20\.8: .*\n$/);
    }
  });

  test('tells how it is typed where it is installed', async () => {
    const refused = project.run(command(), ['call', 'ListRegisteredAccounts']);
    await expect(refused).rejects.toMatchObject({
      stderr: expect.stringContaining('start the emulator with npx tributary'),
    });
    const { stdout } = await project.run(command(), ['call', '--help']);
    expect(stdout).toContain('npx tributary call <Action>');
  });
});

describe('the library', () => {
  test('works under node:test, as its example shows', async () => {
    const example = await projectWith(packed, 'node-test');
    atFileEnd(() => rmSync(example.folder, { recursive: true, force: true }));
    const { stdout } = await example.run('npm', ['test']);
    expect(stdout).toMatch(/^# pass 1$/m);
  });

  const PAIRS = times(100, 20);

  test('makes as many fresh accounts as are asked for, each its own, and says how long a pair takes', async () => {
    writeFileSync(
      join(project.folder, 'pairs.cjs'),
      `const { createEmulator } = require('tributary');
       (async () => {
         const emulator = await createEmulator();
         const took = [];
         const uids = new Set();
         for (let made = 0; made < ${PAIRS}; made++) {
           const startMs = performance.now();
           const pair = await Promise.all([emulator.account({ legalName: 'A' }), emulator.account({ legalName: 'B' })]);
           took.push(performance.now() - startMs);
           for (const { uid } of pair) uids.add(uid);
         }
         console.log(JSON.stringify({ uids: uids.size, took: took.sort((one, other) => one - other) }));
       })();\n`,
    );
    const { stdout } = await project.run(process.execPath, ['pairs.cjs']);
    const { took, uids }: { took: number[]; uids: number } = JSON.parse(stdout);
    process.stdout.write(
      `a fresh pair in ${took[PAIRS / 2]?.toFixed(1)} ms, the fastest in ${took[0]?.toFixed(1)} ms\n`,
    );
    expect(uids).toBe(2 * PAIRS);
    // The tests have not closed it.
    await expect.poll(() => processesNaming(project.folder)).toEqual([]);
  });

  test('ends its emulator with the process that started it, even if that is killed', async () => {
    const script = `require('tributary').createEmulator().then(({ url }) => console.log(url)); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['-e', script], { cwd: project.folder });
    const [url] = await once(child.stdout.setEncoding('utf8'), 'data');
    expect((await fetch(`${url.trim()}/_emulator/clock`)).status).toBe(200);
    child.kill('SIGKILL');
    await expect.poll(() => processesNaming(project.folder)).toEqual([]);
  });

  test('names what it takes to those who write something else', async () => {
    const script = `(async () => {
      const { createEmulator } = require('tributary');
      const told = async (work) => work().catch(({ message }) => console.log(message));
      await told(() => createEmulator({ prot: 0 }));
      const emulator = await createEmulator();
      await told(() => emulator.restore());
      await told(async () => emulator.clock.advance({ day: 1 }));
      await told(() => emulator.clock.set('tomorrow'));
    })()`;
    const { stdout } = await project.run(process.execPath, ['-e', script]);
    expect(stdout.split('\n')).toEqual([
      'createEmulator takes port, seed, and no prot; did you mean port?',
      'No snapshot was taken; take one by snapshot(), or name one.',
      'advance takes days, hours, minutes, seconds, and no day; did you mean days?',
      expect.stringMatching(/^Send one of \{"advanceMs": n\}, \{"now": "<ISO time>"\}/),
      '',
    ]);
  });

  test('says why an emulator did not start', async () => {
    const script = `require('tributary').createEmulator({ port: 65536 }).catch(({ message }) => console.log(message));`;
    const { stdout } = await project.run(process.execPath, ['-e', script]);
    expect(stdout).toMatch(/^port must be a number from 0 to 65535, not 65536\.\n$/);
  });
});
