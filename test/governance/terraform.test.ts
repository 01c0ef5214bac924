import { expect, it } from 'vitest';
import { governance } from '#lib/products/governance/product.ts';
import { newDirectoryEstate } from '#test/directory/calls.ts';
import { type Form, isGone, type Provider, providerOf, taken } from '#test/directory/terraform.ts';
import { passwordPolicy, securityPreference, services } from '#test/governance/calls.ts';

const { version } = governance;
const region = { RegionId: 'cn-hangzhou' };
/** Its keys are in nobody's order, as in the provider's own test. */
const policy = '{"RequireSymbols":true,"MinimumPasswordLength":8,"HardExpiry":false,"RequireNumbers":true}';

/** An item as a configuration file has it; what is not configured is empty, and sent so. */
interface Configured {
  readonly name: string;
  readonly config?: string;
  readonly version?: string;
}

function sentOf(items: readonly Configured[]): Form {
  return Object.fromEntries(
    items.flatMap(({ config = '', name, version = '' }, index) => [
      [`BaselineItems.${index + 1}.Config`, config],
      [`BaselineItems.${index + 1}.Name`, name],
      [`BaselineItems.${index + 1}.Version`, version],
    ]),
  );
}

async function newProvider(): Promise<Provider> {
  const estate = await newDirectoryEstate();
  return providerOf(estate, estate.parent);
}

/** Parameters where the provider puts them: docs/vendors/alibaba-governance.md 12.12. */
async function create(provider: Provider, form: Form): Promise<string> {
  return taken(await provider('CreateAccountFactoryBaseline', version, form, region)).BaselineId;
}

async function update(provider: Provider, BaselineId: string, form: Form): Promise<void> {
  taken(await provider('UpdateAccountFactoryBaseline', version, form, { BaselineId, ...region }));
}

/** What the provider keeps of a baseline; undefined if it drops it. */
async function read(provider: Provider, BaselineId: string): Promise<Record<string, unknown> | undefined> {
  const answer = await provider('GetAccountFactoryBaseline', version, {}, { BaselineId, ...region });
  if (isGone(answer)) return undefined;
  const { BaselineItems, BaselineName, Description } = taken(answer);
  const items = BaselineItems.map(({ Config = '', Name, Version }: Record<string, string>) => [Name, Version, Config]);
  return { BaselineName, Description, items };
}

/** Whether a destruction is done, as the provider tells: by a success, or by one code alone. */
async function destroy(provider: Provider, BaselineId: string): Promise<boolean> {
  const { body, status } = await provider('DeleteAccountFactoryBaseline', version, {}, { BaselineId, ...region });
  return status === 200 || body.Code === 'InvalidBaseline.NotFound';
}

it('a governance_baseline is made with its name, changed attribute by attribute, and destroyed; each plan after is empty', async () => {
  const provider = await newProvider();
  const BaselineName = 'tf-testacc-alicloud_governance_baseline_name-1234567';
  const id = await create(provider, { BaselineName });
  expect(await read(provider, id)).toStrictEqual({ BaselineName, Description: '', items: [] });

  await update(provider, id, sentOf([{ name: passwordPolicy, config: policy, version: '1.0' }]));
  const one = [passwordPolicy, '1.0', policy];
  expect(await read(provider, id)).toStrictEqual({ BaselineName, Description: '', items: [one] });

  await update(provider, id, { Description: 'tf-testacc-baseline-descript' });
  const described = { BaselineName, Description: 'tf-testacc-baseline-descript' };
  expect(await read(provider, id)).toStrictEqual({ ...described, items: [one] });

  await update(provider, id, { BaselineName: `${BaselineName}_update` });
  const renamed = { ...described, BaselineName: `${BaselineName}_update` };
  expect(await read(provider, id)).toStrictEqual({ ...renamed, items: [one] });

  const three = [{ name: services, config: '{"EnabledServices":["CEN_TR"]}' }, { name: securityPreference }];
  await update(provider, id, sentOf([...three, { name: passwordPolicy, config: policy }]));
  const items = [[services, '1.0', '{"EnabledServices":["CEN_TR"]}'], [securityPreference, '1.0', ''], one];
  expect(await read(provider, id)).toStrictEqual({ ...renamed, items });

  await update(provider, id, sentOf([{ name: passwordPolicy, config: policy }]));
  expect(await read(provider, id)).toStrictEqual({ ...renamed, items: [one] });

  expect(await destroy(provider, id)).toBe(true);
  expect(await read(provider, id)).toBeUndefined();
  expect(await destroy(provider, id)).toBe(true);
});

it('a description and a name that were removed from the file are gone at the next refresh', async () => {
  const provider = await newProvider();
  const id = await create(provider, { BaselineName: 'Team A', Description: 'Of team A' });
  await update(provider, id, { Description: '' });
  expect(await read(provider, id)).toStrictEqual({ BaselineName: 'Team A', Description: '', items: [] });
  await update(provider, id, { BaselineName: '' });
  expect(await read(provider, id)).toStrictEqual({ BaselineName: '', Description: '', items: [] });
});

it('a baseline that nothing is said of is read as it was asked for', async () => {
  const provider = await newProvider();
  const id = await create(provider, {});
  expect(await read(provider, id)).toStrictEqual({ BaselineName: '', Description: '', items: [] });
});

it('the data source finds a baseline that was made a moment ago on its one page, and the system baseline first', async () => {
  const estate = await newDirectoryEstate();
  const own = providerOf(estate, estate.parent);
  for (let made = 0; made < 11; made++) {
    await create(own, { BaselineName: `Earlier ${made}` });
    estate.advance(1);
  }
  const id = await create(own, { BaselineName: 'Now', Description: 'A moment ago' });
  const { Baselines } = taken(await own('ListAccountFactoryBaselines', version, {}, region));
  expect(Baselines[0]).toMatchObject({ BaselineName: 'Default', Type: 'System' });
  expect(Baselines[1]).toMatchObject({ BaselineId: id, BaselineName: 'Now', Description: 'A moment ago' });
});

it('a key that is not allowed loses nothing from the state', async () => {
  const estate = await newDirectoryEstate();
  const BaselineId = await create(providerOf(estate, estate.parent), { BaselineName: 'Team A' });
  const answer = await providerOf(estate, estate.child)(
    'GetAccountFactoryBaseline',
    version,
    {},
    { BaselineId, ...region },
  );
  expect(isGone(answer)).toBe(false);
  expect(await destroy(providerOf(estate, estate.child), BaselineId)).toBe(false);
});
