import { expect, test } from 'vitest';
import { times } from '#test/support/breadth.ts';
import { type EmulatorClient, newFolder, startEmulatorProcess } from '#test/support/emulatorProcess.ts';
import { builtProgram } from '#test/support/programs.ts';

/** More changes than a deletion makes, from its call to its last note. */
const MANY = 60;
/** How often a process is killed, spread over all changes: each start takes its time. */
const KILLS = times(20, 5);
const STRIDE = MANY / KILLS;
const preload = `--import ${await builtProgram('killBefore')}`;

interface Asked {
  readonly AccountId: string;
  readonly isAnswered: boolean;
}

/** Asks for a deletion, of a member with a payer and a key. */
async function ask({ call }: EmulatorClient, AccountId: string): Promise<Asked> {
  const answer = await call('sibling', 'DeleteAccount', { AccountId }).catch(() => undefined);
  return { AccountId, isAnswered: answer?.status === 200 };
}

/** Expects that a deletion has come to its end, if it was begun, which it has to have been where that was answered. */
async function expectEnded({ call, control }: EmulatorClient, { AccountId, isAnswered }: Asked): Promise<void> {
  // Delivers what is left of the stream.
  await control('events');
  const { body } = await call('sibling', 'GetAccountDeletionStatus', { AccountId });
  const wasBegun = body.RdAccountDeletionStatus !== undefined;
  if (isAnswered) expect(wasBegun, JSON.stringify(body)).toBe(true);
  if (!wasBegun) return;
  expect(body.RdAccountDeletionStatus.Status).toBe('Success');
  expect((await call('sibling', 'GetAccount', { AccountId })).status).toBe(404);
  const events = (await control('events')).body.filter(
    (event: Record<string, unknown>) => event['uid'] === Number(AccountId),
  );
  const ends = events.filter(({ type }: { type: string }) => type === 'finish');
  expect(ends).toHaveLength(1);
}

test('a kill before any change that a deletion makes, from the commit to its last step, leaves it to end once', async () => {
  const data = newFolder();
  const first = await startEmulatorProcess({ TRIBUTARY_DATA: data });
  await first.call('sibling', 'InitResourceDirectory');
  await first.call('sibling', 'SetMemberDeletionPermission', { Status: 'Enabled' });
  const accounts: string[] = [];
  for (let nth = 1; nth <= KILLS; nth++) {
    const { body } = await first.call('sibling', 'CreateResourceAccount', { DisplayName: `Member${nth}` });
    expect(body.Account, JSON.stringify(body)).toBeDefined();
    accounts.push(body.Account.AccountId);
  }
  await first.control('events');
  await first.end('SIGTERM');
  let isKilled = true;
  let previous: Asked | undefined;
  for (let n = 1; isKilled; n += STRIDE) {
    const [AccountId = expect.fail(`a deletion made more than ${MANY} changes`)] = accounts.splice(0, 1);
    const env = { NODE_OPTIONS: preload, KILL_AFTER: '/_emulator/clock', KILL_BEFORE: String(n) };
    const emulator = await startEmulatorProcess({ TRIBUTARY_DATA: data, ...env });
    if (previous) await expectEnded(emulator, previous);
    await emulator.control('clock');
    previous = await ask(emulator, AccountId);
    isKilled = await emulator.control('events').then(
      () => false,
      () => true,
    );
    if (!isKilled) await expectEnded(emulator, previous);
    expect((await emulator.end('SIGTERM')).signal === 'SIGKILL').toBe(isKilled);
    // The commit, four steps, what was published of them, and the places in the stream.
    if (!isKilled) expect(n).toBeGreaterThan(8);
  }
});
