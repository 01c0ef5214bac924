import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { together } from '#infra/library/registering.ts';
import { ask, type Keys, signedCall } from '#infra/library/requests.ts';
import type { Callable, Told } from '#infra/library/served.ts';
import type {
  CreateEmulator,
  SentMail,
  TestAccount,
  TestClock,
  TestDuration,
  TestEmulator,
} from '#infra/library/tributary.ts';
import { orNearest } from '#infra/local/closest.ts';

const SECOND_MS = 1000;
const partsMs = { days: 86_400 * SECOND_MS, hours: 3600 * SECOND_MS, minutes: 60 * SECOND_MS, seconds: SECOND_MS };

export const createEmulator: CreateEmulator = async ({ port = 0, seed } = {}) => {
  const child = spawn(process.execPath, [fileURLToPath(new URL('./served.mjs', import.meta.url))], {
    env: { ...process.env, TRIBUTARY_PORT: String(port), ...(seed !== undefined && { TRIBUTARY_SEED: seed }) },
    // What is printed by it goes to where the tests print their errors.
    stdio: ['ignore', 2, 2, 'ipc'],
  });
  const ended = once(child, 'exit');
  const { env, operations } = await readiness(child);
  // Tests that never close it end all the same, and it with them.
  child.unref();
  child.channel?.unref();
  return emulatorAt(env, operations, async () => {
    if (child.connected) child.disconnect();
    child.ref();
    await ended;
  });
};

async function readiness(child: ChildProcess): Promise<Extract<Told, { kind: 'ready' }>> {
  return new Promise((resolve, reject) => {
    child.once('message', (told: Told) => {
      if (told.kind === 'ready') resolve(told);
      else reject(new Error(told.message));
    });
    child.once('error', reject);
    child.once('exit', () => reject(new Error('The emulator ended before it was ready.')));
  });
}

function emulatorAt(
  env: Readonly<Record<string, string>>,
  operations: readonly Callable[],
  close: () => Promise<void>,
): TestEmulator {
  const url = env['BASE_URL'] ?? '';
  const control = (path: string, body?: object) => ask(url, `/_emulator/${path}`, body);
  const mails = async (to?: string): Promise<readonly SentMail[]> =>
    control(to === undefined ? 'mail' : `mail?to=${encodeURIComponent(to)}`);
  const register = together<Made>((all) => control('accounts', all));
  let latest = '';
  return {
    url,
    env,
    account: async (wanted = {}) => accountOf(await register(wanted), url, operations),
    clock: clockOf(control),
    mail: { list: mails, latest: async (to) => (await mails(to)).at(-1) },
    events: { list: () => control('events') },
    run: (job) => control('run', { job }),
    async snapshot(name) {
      ({ name: latest } = await control('snapshots', { name }));
      return latest;
    },
    restore: (name = latest) => control(`snapshots/${encodeURIComponent(name)}/restore`, {}),
    reset: () => control('reset', {}),
    close,
  };
}

function clockOf(control: (path: string, body?: object) => Promise<{ now: string }>): TestClock {
  const turned = async (turn?: object) => new Date((await control('clock', turn)).now);
  return {
    now: () => turned(),
    advance: (by) => turned({ advanceMs: typeof by === 'number' ? by : msOf(by) }),
    set: (to) => turned({ now: new Date(to).toISOString() }),
    reset: () => turned({ offsetMs: 0 }),
  };
}

function msOf({ days = 0, hours = 0, minutes = 0, seconds = 0 }: TestDuration): number {
  return days * partsMs.days + hours * partsMs.hours + minutes * partsMs.minutes + seconds * partsMs.seconds;
}

/** What the emulator tells of an account that it has registered. */
type Made = Keys & Pick<TestAccount, 'uid' | 'legalName' | 'name'>;

function accountOf(made: Made, url: string, operations: readonly Callable[]): TestAccount {
  return {
    ...made,
    async call(action, parameters = {}) {
      const operation = operations.find((one) => one.action === action);
      if (operation !== undefined) return signedCall(url, made, operation, parameters);
      const actions = operations.map((one) => one.action);
      throw new Error(orNearest(`There is no action ${action}`, action, actions));
    },
  };
}
