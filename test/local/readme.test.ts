import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { times } from '#test/support/breadth.ts';
import { newFolder, type RunningEmulator, startEmulatorProcess } from '#test/support/emulatorProcess.ts';
import { builtProgram } from '#test/support/programs.ts';

const sh = promisify(execFile);
const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const data = newFolder();
const program = await builtProgram('tributary');
/** How many calls npm and tsx make, as they are printed: they take a second for each. What is built of the same modules makes the others. */
let callsAsPrinted = times(Number.POSITIVE_INFINITY, 1);

let emulator: RunningEmulator;

beforeAll(async () => {
  emulator = await startEmulatorProcess({ TRIBUTARY_DATA: data });
});

/** The commands under a heading, for this emulator; but for its place, and for who makes most calls, they are as printed. */
function commandsUnder(heading: string): string[] {
  const [, section = ''] = readme.split(new RegExp(`^#+ ${heading}$`, 'm'));
  const [own = ''] = section.split(/^#+ [A-Z]/m);
  const blocks = [...own.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block);
  return blocks.map((block) =>
    block
      .replaceAll('http://127.0.0.1:4600', emulator.baseUrl)
      .replaceAll('.tributary/demo.env', emulator.envFile)
      .replaceAll(/npm run (?:-s )?call --/g, (printed) => (callsAsPrinted-- > 0 ? printed : `node ${program} call`)),
  );
}

/** What the commands print, together. */
async function printed(commands: readonly string[]): Promise<string> {
  let text = '';
  for (const command of commands) {
    const env = { ...process.env, TRIBUTARY_DATA: data };
    const { stdout } = await sh('bash', ['-euc', command], { env });
    text += stdout;
  }
  return text;
}

describe('the README', () => {
  // In its own order: what is called later finds what was made before.
  test.each([
    ["With the vendor's SDK", /^\d{15} RELATED\n.*rel\d{15} 200\n$/s],
    ['With curl', /"RequestId":"\w+".*"Total":1/],
    ['From the command line', /"TotalCount":1.*"Name":"child@demo".*ListEvents/s],
    ['A directory, and a mail', /PromoteVerifying.*directory\/verify\?token=.*"sentAt".*PromoteVerifying/s],
    ['An account from the factory', /"AccountUid":\d{16}.*"Status":"(?:Pending|Running|Finished)".*PASSWORD_POLICY/s],
    ['Turning the clock', /"found":1,"expired":1,.*"State":"CONNECTION_MASTER_CANCEL".*"type":"expire"/s],
    ['Tests that run side by side', /"Uid":1000000000000001.*"AccessKeySecret":"\w{48}"/s],
    [
      'An estate of your own',
      /name: parent@demo.*\{"loaded":true\}\{"name":"before"\}.*"Uid":1000000000000003.*"restored":"before"(?!.*passing)/s,
    ],
  ])('%s: does what it says', async (heading, said) => {
    const commands = commandsUnder(heading);
    expect(commands).not.toEqual([]);
    expect(await printed(commands)).toMatch(said);
  });

  test('shows a seed that can be loaded', async () => {
    const [, seed = ''] = /^```yaml\n(.*?)^```$/ms.exec(readme) ?? [];
    expect(await emulator.control('estate', seed)).toEqual({ status: 200, body: { loaded: true } });
    const { body } = await emulator.control('estate');
    expect(body.directories).toHaveLength(2);
    expect(body.relations.at(-1)).toMatchObject({ status: 'inviting' });
  });

  test('shows the life of a relation as it is drawn', () => {
    const drawn = readFileSync(new URL('../../lib/domain/relation/relation.mmd', import.meta.url), 'utf8');
    expect(readme).toContain(`\`\`\`mermaid\n${drawn}\`\`\``);
  });

  test('names no file that is not there', () => {
    const named = [...readme.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, path = '']) => path);
    expect(named.filter((path) => !existsSync(new URL(`../../${path}`, import.meta.url)))).toEqual([]);
  });
});
