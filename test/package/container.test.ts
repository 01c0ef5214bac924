import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { startEmulatorProcess } from '#test/support/emulatorProcess.ts';

const textOf = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
const dockerfile = textOf('Dockerfile');

/** The words of an instruction in its JSON form, the last one if there are several. */
function wordsOf(instruction: string): string[] {
  const found = [...dockerfile.matchAll(new RegExp(`^ *${instruction} (\\[.*\\])$`, 'gm'))].at(-1)?.[1];
  return JSON.parse(found ?? expect.fail(`the Dockerfile has no ${instruction}`));
}

// No container engine runs the Dockerfile here: these are its own commands, run without one.
test('what the container runs starts, is found healthy while it runs, and not afterwards', async () => {
  const [health, start] = [...dockerfile.matchAll(/^ *CMD (\[.*\])$/gm)].map(([, words = '']) => JSON.parse(words));
  const [command, ...words] = start;
  expect(command).toBe('start');
  const emulator = await startEmulatorProcess({ TRIBUTARY_DATA: ':memory:', TRIBUTARY_TOKEN: '' }, 'start', words);
  const env = { PATH: process.env['PATH'], PORT: new URL(emulator.baseUrl).port };
  const isHealthy = () => spawnSync(health[0], health.slice(1), { env }).status === 0;
  expect(isHealthy()).toBe(true);
  await emulator.end('SIGTERM');
  expect(isHealthy()).toBe(false);
});

test('the container runs the command of the package, as nobody special, with the engine that is tested', () => {
  const { bin, optionalDependencies } = JSON.parse(textOf('package.json'));
  expect(wordsOf('ENTRYPOINT')).toEqual(['node', `node_modules/tributary/${bin.tributary}`]);
  expect(dockerfile).toContain(`process.arch)@${optionalDependencies['@dynoxide/linux-x64']}"`);
  expect(/^USER (\d+)/m.exec(dockerfile)?.[1]).toBe('1000');
});

test('what is copied into the container is there', () => {
  const listed = textOf('.dockerignore')
    .split('\n')
    .flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []));
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, files = '']) => files.split(' '));
  const { files } = JSON.parse(textOf('package.json'));
  // What goes into the package is built there, or comes from there.
  expect(listed).toEqual(expect.arrayContaining(files.filter((file: string) => file !== 'dist')));
  for (const file of copied.filter((one) => one !== '.')) {
    expect(
      listed.some((one) => file === one || file.startsWith(`${one}/`)),
      file,
    ).toBe(true);
    expect(textOf(file)).not.toBe('');
  }
});
