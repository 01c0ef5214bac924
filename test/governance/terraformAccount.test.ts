import { expect, it } from 'vitest';
import { governance } from '#lib/products/governance/product.ts';
import { created, type DirectoryEstate, newDirectoryEstate, nobody } from '#test/directory/calls.ts';
import { type Form, isGone, type Provider, providerOf, taken } from '#test/directory/terraform.ts';
import { baselined, baselineOf, defaultDomain, flat, roles } from '#test/governance/calls.ts';
import { settle } from '#test/governance/enrolling.ts';

const { version } = governance;
const RegionId = 'cn-hangzhou';
const domain = {
  'BaselineItems.1.Config': '{"DefaultDomainName":"team-a.onaliyun.com"}',
  'BaselineItems.1.Name': defaultDomain,
};
const tags = '[{"Key":"For","Value":"Test"},{"Key":"Created","Value":"TF"}]';

interface Resource {
  readonly estate: DirectoryEstate;
  readonly provider: Provider;
}

async function newResource(): Promise<Resource> {
  const estate = await newDirectoryEstate();
  return { estate, provider: providerOf(estate, estate.parent) };
}

/** Creates or updates; the id is the number of the answer, printed (docs/vendors/alibaba-governance.md 12.16). Then waits. */
async function apply({ estate, provider }: Resource, form: Form): Promise<string> {
  const { AccountUid } = taken(await provider('EnrollAccount', version, { RegionId, ...form }));
  expect(AccountUid).toBeTypeOf('number');
  const statuses = await waited({ estate, provider }, String(AccountUid));
  expect(statuses.at(-1)).toBe('Finished');
  return String(AccountUid);
}

/** Polls as the provider does: it fails at once for two statuses, and goes on for any other but one, and while nothing is found. */
async function waited({ estate, provider }: Resource, AccountUid: string): Promise<string[]> {
  const statuses: string[] = [];
  for (let poll = 0; poll < 30; poll++) {
    const answer = await provider('GetEnrolledAccount', version, { AccountUid, RegionId });
    const status = isGone(answer) ? 'gone' : taken(answer).Status;
    statuses.push(status);
    if (['Finished', 'Failed', 'ScheduleFailed'].includes(status)) return statuses;
    await settle(estate, { most: 1 });
  }
  return statuses;
}

/** What the provider keeps of an account; undefined if it drops it. */
async function read({ provider }: Resource, AccountUid: string) {
  const answer = await provider('GetEnrolledAccount', version, { AccountUid, RegionId });
  if (isGone(answer)) return undefined;
  const { BaselineId, Inputs, Status, ...others } = taken(answer);
  return { id: String(others.AccountUid), BaselineId, Status, tags: Inputs.Tag };
}

it('a governance_account is created, its tags and its baseline are changed and removed, and each plan after is empty', async () => {
  const resource = await newResource();
  const { estate } = resource;
  const { BaselineId: system } = await baselineOf(estate);
  const other = await baselined(estate);
  const name = 'tf-testacc-alicloud-governance-account-1234';
  const sent = {
    AccountNamePrefix: name,
    DisplayName: name,
    BaselineId: system,
    PayerAccountUid: `${estate.parent.uid}`,
  };
  const id = await apply(resource, { ...sent, FolderId: estate.rootFolderId, Tag: tags, ...domain });
  const kept = { id, BaselineId: system, Status: 'Finished' };
  expect(await read(resource, id)).toStrictEqual({ ...kept, tags: JSON.parse(tags) });

  const changed = '[{"Key":"For","Value":"Test-update"},{"Key":"Created","Value":"TF-update"}]';
  await apply(resource, { AccountUid: id, BaselineId: system, Tag: changed });
  expect(await read(resource, id)).toStrictEqual({ ...kept, tags: JSON.parse(changed) });

  // Only the baseline: tags are not sent, and stay.
  await apply(resource, { AccountUid: id, BaselineId: other });
  expect(await read(resource, id)).toStrictEqual({ ...kept, BaselineId: other, tags: JSON.parse(changed) });

  await apply(resource, { AccountUid: id, BaselineId: other, Tag: '[]' });
  expect(await read(resource, id)).toStrictEqual({ ...kept, BaselineId: other, tags: undefined });
});

it('a member that exists is taken over with all that its configuration says, and imported by its uid', async () => {
  const resource = await newResource();
  const { estate } = resource;
  const { AccountId } = await created(estate, 'Dev');
  const BaselineId = await baselined(estate);
  const said = { AccountNamePrefix: 'dev', DisplayName: 'Dev', FolderId: estate.rootFolderId, PayerAccountUid: '1' };
  const id = await apply(resource, { AccountUid: AccountId, BaselineId, ...said });
  expect(id).toBe(AccountId);
  expect(await read(resource, AccountId)).toStrictEqual({ id, BaselineId, Status: 'Finished', tags: undefined });
});

it('waiting ends with a failure, after which the account is enrolled again', async () => {
  const resource = await newResource();
  const { estate, provider } = resource;
  const item = { Name: roles, Config: '{"EnableRoles":[{"Name":"ResourceDirectoryAccountAccessRole"}]}' };
  const BaselineId = await baselined(estate, flat([item]));
  const sent = { AccountNamePrefix: 'dev', DisplayName: 'Dev', BaselineId, RegionId };
  const { AccountUid } = taken(await provider('EnrollAccount', version, sent));
  const statuses = await waited(resource, String(AccountUid));
  expect(new Set(statuses)).toEqual(new Set(['Pending', 'Running', 'Failed']));
  await apply(resource, { AccountUid: String(AccountUid), BaselineId: await baselined(estate) });
});

it('an account that is enrolled no more, or never was, is gone; a key that is not allowed loses nothing', async () => {
  const resource = await newResource();
  const { estate } = resource;
  expect(await read(resource, String(nobody))).toBeUndefined();
  const id = await apply(resource, { AccountNamePrefix: 'dev', DisplayName: 'Dev', BaselineId: '' });
  const answer = await providerOf(estate, estate.child)('GetEnrolledAccount', version, { AccountUid: id, RegionId });
  expect(isGone(answer)).toBe(false);
});

it('a creation that the provider repeats after a fault, with another nonce and no token, is refused by its name and makes no second account', async () => {
  const { estate, provider } = await newResource();
  const form = { AccountNamePrefix: 'dev', DisplayName: 'Dev', BaselineId: '', RegionId };
  taken(await provider('EnrollAccount', version, form));
  const again = await provider('EnrollAccount', version, form);
  expect(again).toMatchObject({ status: 400, body: { Code: 'InvalidParameter' } });
  const { EnrolledAccounts } = taken(await provider('ListEnrolledAccounts', version, { RegionId }));
  expect(EnrolledAccounts).toHaveLength(1);
  await settle(estate);
});
