import { describe, expect, it } from 'vitest';
import { findItemKind, itemKinds } from '#lib/domain/governance/catalogue.ts';
import { ItemFailure } from '#lib/domain/governance/itemKind.ts';
import { applied, attempted, managementUid, uid } from '#test/domain/governance/items.ts';

/** A configuration of each item, as docs/vendors/alibaba-governance.md 6.3 has them. */
const samples: Readonly<Record<string, object>> = {
  ACCOUNT_CONTACT: {
    Contacts: [{ Name: 'ops', Email: 'ops@example.com', Mobile: '13800000000', Position: 'Technical Director' }],
  },
  ACCOUNT_NOTIFICATION: {
    Notifications: [
      { GroupKey: 'security_msg', Contacts: [{ Name: 'ops' }], PmsgStatus: 1, EmailStatus: 1, SmsStatus: 0 },
    ],
  },
  PRESET_TAG: { PresetTags: [{ Key: 'env', Values: ['dev', 'prod'] }] },
  RAM_ROLE: {
    EnableRoles: [{ Name: 'landingzone-readonly', DurationSeconds: 3600, SystemPolicies: ['ReadOnlyAccess'] }],
  },
  RAM_USER_PASSWORD_POLICY: { MinimumPasswordLength: 8, RequireSymbols: true, MaxPasswordAge: 0, HardExpiry: false },
  RAM_SECURITY_PREFERENCE: { LoginNetworkMasks: '', EnforceMfaForLogin: false, LoginSessionDuration: 6 },
  RAM_DEFAULT_DOMAIN: { DefaultDomainName: 'team-a.onaliyun.com' },
  SUBSCRIBE_SERVICES: { EnabledServices: ['CONFIG', 'KMS'], EnabledServiceConfigurations: [] },
  VPC: {
    Vpcs: [
      {
        RegionId: 'cn-hangzhou',
        Name: 'vpc-a',
        CidrBlock: '10.0.0.0/16',
        Description: '',
        VSwitches: [{ Name: 'vsw-a', ZoneId: 'cn-hangzhou-h', CidrBlock: '10.0.1.0/24' }],
        NetworkAcls: [
          {
            Name: 'acl-a',
            Description: '',
            IngressAclEntries: [
              { Name: 'in-all', Protocol: 'all', CidrIp: '0.0.0.0/0', Port: '-1/-1', Policy: 'accept' },
            ],
            EgressAclEntries: [
              { Name: 'out-all', Protocol: 'all', CidrIp: '0.0.0.0/0', Port: '-1/-1', Policy: 'accept' },
            ],
          },
        ],
      },
    ],
  },
};

/** As an account looks whose contacts are there. */
const configuration = { 'ACS-BP_ACCOUNT_FACTORY_ACCOUNT_CONTACT': samples['ACCOUNT_CONTACT'] };

const cases = itemKinds.map((kind) => [kind.name.replace('ACS-BP_ACCOUNT_FACTORY_', ''), kind] as const);

it('every item depends on items of the catalogue that come before it', () => {
  for (const [index, { dependsOn }] of itemKinds.entries()) {
    const before = itemKinds.slice(0, index).map(({ name }) => name);
    expect(before).toEqual(expect.arrayContaining([...dependsOn]));
  }
});

it('an item is found by its name and version, and by nothing else', () => {
  for (const kind of itemKinds) {
    expect(findItemKind(kind.name, '1.0')).toBe(kind);
    expect(findItemKind(kind.name, '1')).toBeUndefined();
  }
  expect(findItemKind('toString', '1.0')).toBeUndefined();
});

describe.each(cases)('%s', (short, kind) => {
  const sample = samples[short] ?? {};

  it('takes the sample and an empty object, and no text that is no JSON object', () => {
    expect(kind.accepts(JSON.stringify(sample))).toBe(true);
    expect(kind.accepts('{}')).toBe(true);
    for (const text of ['', '{', '[]', 'null', '1', '"{}"', '{}{}']) expect(kind.accepts(text), text).toBe(false);
  });

  it('takes keys that it does not know, which do nothing', () => {
    const known = applied(kind, sample, configuration).after;
    expect(kind.accepts(JSON.stringify({ ...sample, Unknown: 1 }))).toBe(true);
    expect(applied(kind, { ...sample, Unknown: 1 }, configuration).after).toEqual(known);
  });

  it('takes no list in place of what is of another kind, and the reverse', () => {
    for (const [key, value] of Object.entries(sample)) {
      expect(kind.accepts(JSON.stringify({ [key]: Array.isArray(value) ? {} : [value] })), key).toBe(false);
      expect(kind.accepts(JSON.stringify({ [key]: null })), key).toBe(false);
    }
  });

  it('applied twice leaves what once does, and claims the same names', () => {
    const once = applied(kind, sample, configuration);
    const again = applied(kind, sample, { ...configuration, [kind.name]: once.after });
    expect(again).toEqual(once);
  });

  it('leaves JSON, which is the same when it was stored in between', () => {
    const { after } = applied(kind, sample, configuration);
    expect(JSON.parse(JSON.stringify(after))).toStrictEqual(after);
  });

  it('without a configuration is applied as with an empty one', () => {
    const target = { uid, managementUid, configuration };
    expect(kind.apply(undefined, target)).toEqual(kind.apply('{}', target));
    expect(attempted(kind)).not.toBeInstanceOf(ItemFailure);
  });
});
