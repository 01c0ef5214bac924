import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CALLERS, cyclesOf, throughput } from '#test/bench/bench.ts';
import { clientOf, type Served } from '#test/bench/served.ts';
import { type Params, type Signer, signedCall } from '#test/support/estate.ts';

/** An emulator in a process of its own, from a folder with the sources of this version or another. */
export interface Emulator extends Served {
  readonly pairs: readonly Pair[];
}

/** Two accounts that can be related. */
interface Pair {
  readonly parent: Signer;
  readonly child: Signer;
}

/** What starts an emulator, by where it is in this version and in earlier ones. */
const programs = ['infra/cli/main.ts', 'infra/local/start.ts'];

/** Starts an emulator with so many pairs of accounts. */
export async function startEmulator(folder: string, pairs: number): Promise<Emulator> {
  const data = mkdtempSync(join(tmpdir(), 'tributary-bench-'));
  const env = { ...process.env, PORT: '0', TRIBUTARY_DATA: data };
  const program = programs.find((file) => existsSync(join(folder, file))) ?? '';
  const emulator = spawn(process.execPath, ['--import', 'tsx', program], { cwd: folder, env });
  const baseUrl = await readyAt(emulator);
  const client = clientOf(Number(new URL(baseUrl).port), async () => {
    emulator.removeAllListeners('exit');
    emulator.kill('SIGTERM');
    await new Promise((resolve) => emulator.once('exit', resolve));
    rmSync(data, { recursive: true, force: true });
  });
  const operator = operatorIn(readFileSync(join(data, 'demo.env'), 'utf8'));
  const made: Pair[] = [];
  await throughput(Array(pairs).fill(0), CALLERS, async () => {
    made.push({
      parent: await account(client, operator, 'Parent Ltd.'),
      child: await account(client, operator, 'Child Ltd.'),
    });
  });
  return { ...client, pairs: made };
}

function operatorIn(lines: string): Signer {
  const named = (name: string) => new RegExp(`^(?:export )?${name}=["']?([^"'\\n]*)`, 'm').exec(lines)?.[1] ?? '';
  return { uid: 0, keyId: named('OPERATOR_AK'), secret: named('OPERATOR_SK') };
}

async function account(client: Served, operator: Signer, LegalName: string): Promise<Signer> {
  const { Uid } = await called(client, operator, 'RegisterAccount', { LegalName, Name: 'login@bench' }, '2026-01-01');
  const key = await called(client, operator, 'IssueAccessKey', { Uid }, '2026-01-01');
  return { uid: Number(Uid), keyId: key.AccessKeyId, secret: key.AccessKeySecret };
}

async function called(client: Served, by: Signer, action: string, params: Params, version = '2017-12-14') {
  const [path, { headers }] = signedCall(by, action, version, params);
  return JSON.parse(await client.post(path, headers));
}

/** So many cycles of three calls each: an invitation, its acceptance, its end. Answers how many were done a second. */
export function cycle({ pairs, ...client }: Emulator, count: number): Promise<number> {
  const PermissionCodes = ['CHECK_FINANCE_INFO'];
  return cyclesOf(pairs, count, async ({ child, parent }) => {
    const proposed = {
      RelationType: 'enterprise_group',
      ParentUserId: parent.uid,
      ChildUserId: child.uid,
      RequestId: 'r',
    };
    const { Data } = await called(client, parent, 'AddAccountRelation', { ...proposed, PermissionCodes });
    const named = { RelationId: Data.RelationId, RequestId: 'r' };
    await called(client, child, 'ConfirmRelation', { ...named, ConfirmCode: 'child_agree', PermissionCodes });
    await called(client, parent, 'RelieveAccountRelation', named);
  });
}

/** Where an emulator that was started answers, once it says so. */
export function readyAt(emulator: Pick<ChildProcess, 'once' | 'stdout'>): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    emulator.stdout?.on('data', (chunk) => {
      said += chunk;
      const ready = /Tributary ready on (\S+)\n/.exec(said)?.[1];
      if (ready) resolve(ready);
    });
    emulator.once('exit', () => reject(new Error(`the emulator ended: ${said}`)));
  });
}
