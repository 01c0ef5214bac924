import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { together } from '#infra/library/registering.ts';
import { ask, type Keys, signedCall } from '#infra/library/requests.ts';
import type { Callable, Told } from '#infra/library/served.ts';
import type {
  CreateEmulatorOptions,
  SentMail,
  TestAccount,
  TestClock,
  TestDuration,
  TestEmulator,
} from '#infra/library/tributary.ts';
import { orNearest } from '#infra/local/closest.ts';

const SECOND_MS = 1000;
const partsMs = { days: 86_400 * SECOND_MS, hours: 3600 * SECOND_MS, minutes: 60 * SECOND_MS, seconds: SECOND_MS };

/** Starts an emulator in a process of its own, by the module `served`. Throws an error whose message says what to do. */
export async function startTestEmulator(options: CreateEmulatorOptions, served: URL): Promise<TestEmulator> {
  refuseOthers('createEmulator', options, ['port', 'seed']);
  const { port = 0, seed } = options;
  const child = spawn(process.execPath, [fileURLToPath(served)], {
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
}

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
    async restore(name = latest) {
      if (name === '') throw new Error('No snapshot was taken; take one by snapshot(), or name one.');
      await control(`snapshots/${encodeURIComponent(name)}/restore`, {});
    },
    reset: () => control('reset', {}),
    close,
  };
}

function clockOf(control: (path: string, body?: object) => Promise<{ now: string }>): TestClock {
  const turned = async (turn?: object) => new Date((await control('clock', turn)).now);
  return {
    now: () => turned(),
    advance: (by) => turned({ advanceMs: typeof by === 'number' ? by : msOf(by) }),
    // The emulator says what a time is of what is none.
    set: (to) => turned({ now: Number.isNaN(Number(new Date(to))) ? String(to) : new Date(to).toISOString() }),
    reset: () => turned({ offsetMs: 0 }),
  };
}

function msOf(duration: TestDuration): number {
  refuseOthers('advance', duration, Object.keys(partsMs));
  const { days = 0, hours = 0, minutes = 0, seconds = 0 } = duration;
  return days * partsMs.days + hours * partsMs.hours + minutes * partsMs.minutes + seconds * partsMs.seconds;
}

/** Who writes JavaScript has no compiler that says so. */
function refuseOthers(taker: string, given: object, known: readonly string[]): void {
  const other = Object.keys(given).find((name) => !known.includes(name));
  if (other === undefined) return;
  throw new TypeError(orNearest(`${taker} takes ${known.join(', ')}, and no ${other}`, other, known));
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
