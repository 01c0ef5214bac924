import { expect, test } from 'vitest';
import { passwordPolicy, securityPreference } from '#test/governance/calls.ts';
import { times } from '#test/support/breadth.ts';
import { type EmulatorClient, newFolder, startEmulatorProcess } from '#test/support/emulatorProcess.ts';
import { builtProgram } from '#test/support/programs.ts';

/** More changes than an enrolment makes, from its call to its last note. */
const MANY = 60;
/** How often a process is killed, spread over all changes: each start takes its time. */
const KILLS = times(20, 5);
const STRIDE = MANY / KILLS;
const preload = `--import ${await builtProgram('killBefore')}`;

interface Asked {
  readonly name: string;
  readonly isAnswered: boolean;
}

/** Enrols an account that is to be created. */
async function ask({ call }: EmulatorClient, name: string): Promise<Asked> {
  const params = { AccountNamePrefix: name, DisplayName: name };
  const answer = await call('parent', 'EnrollAccount', params).catch(() => undefined);
  return { name, isAnswered: answer?.status === 200 };
}

/** Expects that there is either no account of the name, unless that was answered, or one whose enrolment has come to its end, once. */
async function expectEnded({ call, control }: EmulatorClient, { isAnswered, name }: Asked): Promise<void> {
  // Delivers what is left of the stream.
  await control('events');
  const { body } = await call('parent', 'ListEnrolledAccounts', { MaxResults: '100' });
  const own = body.EnrolledAccounts.filter(({ DisplayName }: { DisplayName: string }) => DisplayName === name);
  const members = await call('parent', 'ListAccounts', { QueryKeyword: name });
  expect(members.body.TotalCount).toBe(own.length);
  if (isAnswered) expect(own).toHaveLength(1);
  if (own.length === 0) return;
  expect(own).toMatchObject([{ Status: 'Finished' }]);
  const events = (await control('events')).body.filter(({ uid }: { uid?: number }) => uid === own[0].AccountUid);
  const typesOf = (type: string) => events.filter((event: { type: string }) => event.type === type);
  // Each may be published twice, with the same id.
  for (const type of ['begin', 'apply', 'finish']) {
    expect(new Set(typesOf(type).map(({ id }: { id: string }) => id)).size).toBe(1);
  }
}

test('a kill before any change that an enrolment makes, from the commit to its last step, leaves it to end once', async () => {
  const data = newFolder();
  let isKilled = true;
  let previous: Asked | undefined;
  for (let n = 1; isKilled; n += STRIDE) {
    if (n > MANY) expect.fail(`an enrolment made more than ${MANY} changes`);
    const env = { NODE_OPTIONS: preload, KILL_AFTER: '/_emulator/clock', KILL_BEFORE: String(n) };
    const emulator = await startEmulatorProcess({ TRIBUTARY_DATA: data, ...env });
    if (previous) await expectEnded(emulator, previous);
    await emulator.control('clock');
    previous = await ask(emulator, `account-${n}-end`);
    isKilled = await emulator.control('events').then(
      () => false,
      () => true,
    );
    if (!isKilled) await expectEnded(emulator, previous);
    expect((await emulator.end('SIGTERM')).signal === 'SIGKILL').toBe(isKilled);
    // The commit, three steps, what was published of them, and the places in the stream.
    if (!isKilled) expect(n).toBeGreaterThan(8);
  }
});

test('the emulator hands chosen items over by its events, and goes on once it is told that they are applied', async () => {
  const names = `${passwordPolicy},${securityPreference}`;
  const { call, control } = await startEmulatorProcess({
    TRIBUTARY_DATA: newFolder(),
    TRIBUTARY_PROVISIONED_ITEMS: names,
  });
  const enrolled = await call('parent', 'EnrollAccount', { AccountNamePrefix: 'dev', DisplayName: 'Dev' });
  const AccountUid = String(enrolled.body.AccountUid);
  const status = async () => (await call('parent', 'GetEnrolledAccount', { AccountUid })).body.Status;
  for (const Name of [passwordPolicy, securityPreference]) {
    const [event] = (await control('events')).body.slice(-1);
    expect(event).toMatchObject({
      type: 'handOver',
      uid: Number(AccountUid),
      item: Name,
      version: '1.0',
      config: expect.any(String),
    });
    expect(await status()).toBe('Running');
    expect((await call('operator', 'ReportBaselineItem', { Uid: AccountUid, Name, Status: 'Finished' })).status).toBe(
      200,
    );
  }
  await control('events');
  expect(await status()).toBe('Finished');
});

test('what rests in the emulator is tried again once its clock is turned and the sweep has run', async () => {
  const env = { TRIBUTARY_DATA: newFolder(), TRIBUTARY_PROVISIONED_ITEMS: passwordPolicy };
  const { call, control } = await startEmulatorProcess(env);
  const { body } = await call('parent', 'EnrollAccount', { AccountNamePrefix: 'dev', DisplayName: 'Dev' });
  await control('events');
  const AccountUid = String(body.AccountUid);
  const report = { Uid: AccountUid, Name: passwordPolicy };
  await call('operator', 'ReportBaselineItem', { ...report, Status: 'Retry' });
  await control('clock', JSON.stringify({ advanceMs: 2000 }));
  await control('run', JSON.stringify({ job: 'expireInvitations' }));
  const handed = (await control('events')).body.filter(({ type }: { type: string }) => type === 'handOver');
  expect(handed).toHaveLength(2);
  await control('clock', JSON.stringify({ advanceMs: 30 * 60 * 1000 }));
  const { Status, ErrorInfo } = (await call('parent', 'GetEnrolledAccount', { AccountUid })).body;
  expect([Status, ErrorInfo.Code]).toEqual(['Failed', 'ItemTimedOut']);
});
