import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { readSeed } from '#infra/local/seed/read.ts';
import { newFolder, run } from '#test/support/emulatorProcess.ts';
import { builtProgram } from '#test/support/programs.ts';

const node = process.execPath;

describe.concurrent('exec', () => {
  test('runs a command with an emulator of its own, hands on its exit code, and leaves nothing', async () => {
    const script = `
      fetch(process.env.BASE_URL + '/_emulator/clock').then(async (answer) => {
        const { BASE_URL, PARENT_AK, TRIBUTARY_DATA, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED } = process.env;
        console.log(JSON.stringify({ status: answer.status, BASE_URL, PARENT_AK, TRIBUTARY_DATA, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED }));
        process.exit(7);
      });`;
    const { code, stdout, stderr } = await run('exec', ['--', node, '-e', script], { TMPDIR: newFolder() });
    expect({ code, stderr }).toEqual({ code: 7, stderr: '' });
    const said = JSON.parse(stdout);
    expect(said).toMatchObject({ status: 200, PARENT_AK: 'TRIBDEMOPARENT' });
    expect(existsSync(said.TRIBUTARY_DATA)).toBe(false);
    await expect(fetch(said.BASE_URL)).rejects.toThrow('fetch failed');
  });

  test('has call find the emulator', async () => {
    const call = [node, await builtProgram('tributary'), 'call', 'ListRegisteredAccounts', '--MaxResults', '1'];
    const { code, stdout } = await run('exec', ['--', ...call], {});
    expect(code).toBe(0);
    expect(JSON.parse(stdout).Accounts).toHaveLength(1);
  });

  test('ends as a shell would for a command that a signal ended', async () => {
    const { code } = await run('exec', ['--', node, '-e', "process.kill(process.pid, 'SIGTERM')"], {});
    expect(code).toBe(128 + 15);
  });

  test('ends the command when it is told to end, and only then itself', async () => {
    const script = "process.on('SIGTERM', () => process.exit(9)); console.log('up'); setInterval(() => {}, 1000);";
    const child = spawn(node, [await builtProgram('tributary'), 'exec', '--', node, '-e', script]);
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([9, null]);
  });

  test('says which command cannot be run', async () => {
    const { code, stderr } = await run('exec', ['--', 'no-such-command'], {});
    expect({ code, stderr }).toEqual({
      code: 127,
      stderr: 'no-such-command cannot be run: spawn no-such-command ENOENT.\n',
    });
  });

  test.each([[[]], [['npm', 'test']], [['--']]])('%j is told how to be written', async (words) => {
    const { code, stderr } = await run('exec', words, {});
    expect(code).toBe(2);
    expect(stderr).toMatch(/^Write the command after two dashes: tributary exec -- npm test\.\n/);
  });
});

describe.concurrent('start', () => {
  test('takes as options what the environment says otherwise', async () => {
    const data = join(newFolder(), 'data');
    const words = ['--port', 'web', '--data', data];
    const { code, stderr } = await run('start', words, { PORT: '0' });
    expect({ code, stderr }).toEqual({ code: 1, stderr: '--port must be a number from 0 to 65535, not web.\n' });
    expect(existsSync(data)).toBe(false);
  });

  test('prints nothing where it is to be quiet', async () => {
    const data = newFolder();
    const child = spawn(node, [await builtProgram('tributary'), '--quiet', '--port', '0', '--data', data]);
    let said = '';
    child.stdout.on('data', (chunk) => {
      said += chunk;
    });
    await expect.poll(() => existsSync(join(data, 'demo.env'))).toBe(true);
    child.kill('SIGTERM');
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(said).toBe('');
  });

  test.each([
    [['--prot', '1'], 'There is no option --prot; did you mean --port?'],
    [['--nothing'], 'There is no option --nothing.'],
    [['--port'], "Option '-p, --port <value>' argument missing."],
    [['here'], 'here belongs to no option.'],
  ])('%j is told with its usage', async (words, said) => {
    const { code, stdout, stderr } = await run('start', words, {});
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.startsWith(`${said}\n\ntributary [start] [options]\n`)).toBe(true);
  });

  test.each([
    [{ TRIBUTARY_LOG: 'all' }, 'TRIBUTARY_LOG must be calls, or not set, not all.\n'],
    [
      { DYNAMODB_ENDPOINT: 'host:1' },
      'DYNAMODB_ENDPOINT must be an address such as http://127.0.0.1:8000, not host:1.\n',
    ],
    [
      { TRIBUTARY_SMTP_URL: 'host' },
      'TRIBUTARY_SMTP_URL must be an address such as smtp://127.0.0.1:1025, not host.\n',
    ],
    [
      { TRIBUTARY_PROVISIONED_ITEMS: 'ACS-BP_ACCOUNT_FACTORY_VCP' },
      expect.stringMatching(
        /^TRIBUTARY_PROVISIONED_ITEMS names .*_VCP, and .*; did you mean ACS-BP_ACCOUNT_FACTORY_VPC\?\n$/,
      ),
    ],
  ])('refuses %j', async (env, stderr) => {
    expect(await run('start', [], { ...env, TRIBUTARY_DATA: ':memory:' })).toMatchObject({ code: 1, stderr });
  });

  test.each([
    ['app.example', ''],
    ['*,https://app.example/', '; did you mean https://app.example?'],
  ])('takes no --cors %s, which no browser would name', async (origins, hint) => {
    const { code, stderr } = await run('start', ['--cors', origins], {});
    expect(code).toBe(1);
    expect(stderr).toBe(
      `--cors takes origins such as http://localhost:5173, or *, not "${origins.split(',').at(-1)}"${hint || '.'}\n`,
    );
  });

  test('explains itself', async () => {
    const { code, stdout, stderr } = await run('start', ['--help'], {});
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect((await run('start', ['-h'], {})).stdout).toBe(stdout);
    for (const option of ['-p, --port <number>', '--data <folder>', '--seed <file>', '--quiet']) {
      expect(stdout).toContain(option);
    }
  });
});

test('init writes a seed file of comments, and none over another', async () => {
  const file = join(newFolder(), 'seed.yaml');
  expect(await run('init', [file], {})).toMatchObject({ code: 0, stdout: `Written: ${file}\n`, stderr: '' });
  const lines = readFileSync(file, 'utf8').split('\n');
  expect(lines.filter((line) => line !== '' && !line.startsWith('#'))).toEqual([]);
  const [, examples = ''] = lines.join('\n').split(/^(?=# accounts:)/m);
  const { seed } = readSeed('seed.yaml', examples.replaceAll(/^# /gm, ''));
  expect([seed.accounts, seed.directories, seed.relations, seed.operators].map((all) => all.length)).toEqual([
    3, 1, 2, 1,
  ]);
  writeFileSync(file, 'mine');
  const again = await run('init', [file], {});
  expect(again).toMatchObject({ code: 1, stdout: '' });
  expect(again.stderr).toMatch(/^\S+seed\.yaml was not written: EEXIST: .*\.\n$/);
  expect(readFileSync(file, 'utf8')).toBe('mine');
});

describe('the completion', () => {
  const file = join(newFolder(), 'completion.bash');

  beforeAll(async () => writeFileSync(file, (await run('completion', ['bash'], {})).stdout));

  /** What bash offers for the last of the words. */
  async function offered(...words: string[]): Promise<string[]> {
    const script = `. "$0"; COMP_WORDS=(tributary "$@"); COMP_CWORD=$#; _tributary; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const text = execFileSync('bash', ['-uc', script, file, ...words], { encoding: 'utf8', cwd: dirname(file) });
    return text.split('\n').filter(Boolean);
  }

  test('offers commands, actions, parameters and values', async () => {
    expect(await offered('co')).toEqual(['completion']);
    expect(await offered('--p')).toEqual(['--port']);
    expect(await offered('call', 'Confirm')).toEqual(['ConfirmRelation']);
    expect(await offered('call', 'ConfirmRelation', '--Conf')).toEqual(['--ConfirmCode']);
    expect(await offered('call', 'ConfirmRelation', '--ConfirmCode', 'child_')).toEqual([
      'child_agree',
      'child_disagree',
    ]);
    expect(await offered('call', '--as', 'op')).toEqual(['operator']);
    expect(await offered('exec', '--', 'bas')).toContain('bash');
  });

  test('leaves files to the shell', async () => {
    expect(await offered('--seed', '')).toEqual([]);
    expect(await offered('init', '')).toEqual([]);
  });

  test('goes through words as zsh can, too', async () => {
    // zsh knows no ${array[@]:from:count} with an expression in it.
    expect((await run('completion', ['zsh'], {})).stdout).not.toMatch(/\[@\]:/);
  });

  test('is for bash and zsh', async () => {
    expect((await run('completion', ['zsh'], {})).stdout).toMatch(
      /bashcompinit[\s\S]*complete -o default -F _tributary tributary\n$/,
    );
    expect(await run('completion', ['fish'], {})).toMatchObject({ code: 2, stdout: '' });
  });
});
