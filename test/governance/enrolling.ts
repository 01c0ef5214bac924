import { expect } from 'vitest';
import { job } from '#functions/workers/outbox.ts';
import type { Deps } from '#lib/deps.ts';
import { providerOf } from '#lib/jobs/provider.ts';
import type { Parties } from '#test/bss/parties.ts';
import {
  contacts,
  defaultDomain,
  governed,
  type Item,
  networks,
  notifications,
  passwordPolicy,
  presetTags,
  roles,
  securityPreference,
  services,
} from '#test/governance/calls.ts';
import type { Answer, Params } from '#test/support/estate.ts';
import { fakeMailer, mailingContext } from '#test/workers/mailing.ts';
import { allOf } from '#test/workers/overdue.ts';
import { inserted } from '#test/workers/stream.ts';

/** How an account named so is created and enrolled. */
export function newAccount(name: string): Params {
  return { AccountNamePrefix: name, DisplayName: name };
}

/** Enrols an account for the parent, which must be granted. Answers its uid. */
export async function enrolled(estate: Parties, params: Params = newAccount('dev')): Promise<number> {
  return (await governed(estate, estate.parent, 'EnrollAccount', params)).AccountUid;
}

/** How the enrolment of an account stands. */
export function enrolment(estate: Parties, AccountUid: number): Promise<Answer['body']> {
  return governed(estate, estate.parent, 'GetEnrolledAccount', { AccountUid });
}

/** The rows that call for steps of enrolments, as the stream delivers them. */
export async function stepsOf(estate: Parties) {
  const rows = (await allOf(estate, 'enrolmentStep')).toSorted((one, other) =>
    String(one['sk']) < String(other['sk']) ? -1 : 1,
  );
  return rows.map((row) => inserted(row, String(row['sk'])));
}

type Steps = Awaited<ReturnType<typeof stepsOf>>;

/** What a worker is given that takes steps. */
export type Worker = Parameters<typeof job.run>[0];

/** Has a worker take the steps that these records call for. */
export function take(estate: Parties, records: Steps, worker: Worker = mailingContext(fakeMailer(), estate.deps)) {
  return job.run(worker, records);
}

/** A worker with other dependencies, or another provider. */
export function workerOf(deps: Deps, others: Partial<Worker> = {}): Worker {
  return { ...mailingContext(fakeMailer(), deps), ...others };
}

/** Takes all steps that have not been taken, and those that follow, at most `most` of them. Answers how many that were. */
export async function settle(
  estate: Parties,
  { worker = workerOf(estate.deps), most = 1000 }: { worker?: Worker; most?: number } = {},
): Promise<number> {
  const before = takenIn.get(estate.tableName) ?? new Set();
  takenIn.set(estate.tableName, before);
  let count = 0;
  for (;;) {
    const waiting = (await stepsOf(estate)).filter(({ dynamodb }) => !before.has(dynamodb?.SequenceNumber));
    const next = waiting.slice(0, most - count);
    if (next.length === 0) return count;
    for (const { dynamodb } of next) before.add(dynamodb?.SequenceNumber);
    count += next.length;
    expect(await take(estate, next, worker)).toEqual({ again: undefined, passedOver: 0 });
  }
}

/** Enrols an account whose first item somebody else is to apply, up to the time when a report on that is awaited. Answers its uid. */
export async function handedOver(estate: Parties, params?: Params): Promise<number> {
  const uid = await enrolled(estate, params);
  await settle(estate, { worker: workerOf(estate.deps, { provider: providerOf(passwordPolicy) }) });
  return uid;
}

/** Every item of the catalogue with a configuration, the notifications before the contacts that they depend on. */
export function nineItems(domain = 'team-a.onaliyun.com'): Item[] {
  const vpc = { RegionId: 'cn-hangzhou', Name: 'vpc-a', CidrBlock: '10.0.0.0/16' };
  const vSwitch = { Name: 'vsw-a', ZoneId: 'cn-hangzhou-h', CidrBlock: '10.0.1.0/24' };
  const configs: readonly (readonly [name: string, config: object])[] = [
    [notifications, { Notifications: [{ GroupKey: 'account_msg', Contacts: [{ Name: 'ops' }], EmailStatus: 1 }] }],
    [contacts, { Contacts: [{ Name: 'ops', Email: 'ops@example.com', Position: 'Other' }] }],
    [presetTags, { PresetTags: [{ Key: 'env', Values: ['dev', 'prod'] }] }],
    [roles, { EnableRoles: [{ Name: 'audit', DurationSeconds: 3600, SystemPolicies: ['ReadOnlyAccess'] }] }],
    [passwordPolicy, { MinimumPasswordLength: 12 }],
    [securityPreference, { LoginSessionDuration: 8 }],
    [defaultDomain, { DefaultDomainName: domain }],
    [services, { EnabledServices: ['CONFIG', 'KMS'] }],
    [networks, { Vpcs: [{ ...vpc, VSwitches: [vSwitch] }] }],
  ];
  return configs.map(([Name, config]) => ({ Name, Config: JSON.stringify(config) }));
}

/** What operators are shown of what items have left on an account, by their names. */
export async function configurationOf({ call, operator }: Parties, Uid: number): Promise<Record<string, unknown>> {
  const { body } = await call(operator, 'DescribeAccountConfiguration', { Uid });
  const items: { Name: string; Configuration: string }[] = body.Items;
  return Object.fromEntries(items.map(({ Configuration, Name }) => [Name, JSON.parse(Configuration)]));
}

/** By table, the steps that were taken. */
const takenIn = new Map<string, Set<string | undefined>>();
