import { describe, expect, it } from 'vitest';
import { accepts, applied, attempted, itemNamed, leftBy, managementUid, uid } from '#test/domain/governance/items.ts';

describe('contacts', () => {
  const contact = itemNamed('ACCOUNT_CONTACT');
  const named = (Name: string, Email = 'a@example.com') => ({ Name, Email });

  it('replace those of the same name; others stay', () => {
    const left = leftBy(
      contact,
      { Contacts: [named('ops'), named('dev')] },
      { Contacts: [named('dev', 'b@example.com'), named('sec')] },
    );
    expect(left).toEqual({ Contacts: [named('ops'), named('dev', 'b@example.com'), named('sec')] });
  });

  it('have a name of 2 to 12 characters, an address and a position that there is', () => {
    const taken = (one: object) => accepts(contact, { Contacts: [one] });
    expect([taken(named('运维')), taken(named('x')), taken(named('x'.repeat(13)))]).toEqual([true, false, false]);
    expect([taken(named('ops', 'nobody')), taken({ Email: 'a@example.com' })]).toEqual([false, false]);
    expect([taken({ Name: 'ops', Position: 'CEO' }), taken({ Name: 'ops', Position: 'Boss' })]).toEqual([true, false]);
  });
});

describe('notifications', () => {
  const notification = itemNamed('ACCOUNT_NOTIFICATION');
  const contacts = { [itemNamed('ACCOUNT_CONTACT').name]: { Contacts: [{ Name: 'aa' }] } };
  const group = (GroupKey: string, contact = 'aa') => ({
    GroupKey,
    Contacts: [{ Name: contact }],
    PmsgStatus: 1,
    EmailStatus: 0,
    SmsStatus: 1,
  });

  it('replace those of the same group; others stay, and what is not said is off', () => {
    const first = applied(notification, { Notifications: [group('account_msg'), group('gztz')] }, contacts).after;
    const configuration = { ...contacts, [notification.name]: first };
    const second = applied(notification, { Notifications: [{ GroupKey: 'gztz' }] }, configuration).after;
    const off = { GroupKey: 'gztz', Contacts: [], PmsgStatus: 0, EmailStatus: 0, SmsStatus: 0 };
    expect(second).toEqual({ Notifications: [group('account_msg'), off] });
  });

  it('fail for a contact that the account does not have', () => {
    expect(attempted(notification, { Notifications: [group('gztz', 'bb')] }, contacts)).toMatchObject({
      code: 'EntityNotExists.Contact',
      message: 'The specified contact does not exist.',
    });
    expect(attempted(notification, { Notifications: [group('gztz')] })).toMatchObject({
      product: 'MscOpenSubscription',
    });
  });

  it('are on or off, as numbers', () => {
    const taken = (status: unknown) => accepts(notification, { Notifications: [{ GroupKey: 'g', SmsStatus: status }] });
    expect([0, 1, 2, true, '1'].map(taken)).toEqual([true, true, false, false, false]);
  });
});

it('preset tags get more values, each once', () => {
  const left = leftBy(
    itemNamed('PRESET_TAG'),
    { PresetTags: [{ Key: 'env', Values: ['dev', 'prod'] }] },
    { PresetTags: [{ Key: 'env', Values: ['prod', 'test'] }, { Key: '__proto__' }] },
  );
  expect(left).toEqual({
    PresetTags: [
      { Key: 'env', Values: ['dev', 'prod', 'test'] },
      { Key: '__proto__', Values: [] },
    ],
  });
});

describe('roles', () => {
  const role = itemNamed('RAM_ROLE');
  const readOnly = { Name: 'read-only', DurationSeconds: 3600, SystemPolicies: ['ReadOnlyAccess'] };

  it('trust the management account, and those of an earlier enrolment are updated, in whatever case they are named', () => {
    const longer = { ...readOnly, Name: 'Read-Only', DurationSeconds: 7200 };
    expect(leftBy(role, { EnableRoles: [readOnly, { Name: 'other' }] }, { EnableRoles: [longer] })).toEqual({
      Roles: [longer, { Name: 'other', DurationSeconds: 3600, SystemPolicies: [] }],
      TrustedUid: managementUid,
    });
  });

  it('fail for one that every member has from the start', () => {
    for (const Name of ['ResourceDirectoryAccountAccessRole', 'resourcedirectoryaccountaccessrole']) {
      expect(attempted(role, { EnableRoles: [readOnly, { Name }] })).toEqual({
        code: 'EntityAlreadyExists.Role',
        message: 'The role already exists.',
        product: 'Ram',
      });
    }
  });

  it('last from one to twelve hours', () => {
    const taken = (DurationSeconds: unknown) => accepts(role, { EnableRoles: [{ ...readOnly, DurationSeconds }] });
    expect([3599, 3600, 43_200, 43_201, 3600.5, '3600'].map(taken)).toEqual([false, true, true, false, false, false]);
  });
});

it('settings of passwords that are not named are as by default, whatever they were before', () => {
  const policy = itemNamed('RAM_USER_PASSWORD_POLICY');
  const left = leftBy(policy, { RequireNumbers: true, MaxLoginAttempts: 5 }, { MinimumPasswordLength: 12 });
  expect(left).toMatchObject({ MinimumPasswordLength: 12, RequireNumbers: false, MaxLoginAttempts: 0 });
  for (const config of [{ MinimumPasswordLength: 33 }, { MaxPasswordAge: 1096 }, { PasswordReusePrevention: 25 }]) {
    expect(accepts(policy, config), JSON.stringify(config)).toBe(false);
  }
});

it('logging on is allowed from addresses and ranges, at most 40 of them', () => {
  const preference = itemNamed('RAM_SECURITY_PREFERENCE');
  const taken = (LoginNetworkMasks: string) => accepts(preference, { LoginNetworkMasks });
  expect(['', '10.0.0.0/8', '10.0.0.0/8;192.0.2.1;2001:db8::/32'].map(taken)).toEqual([true, true, true]);
  expect([';', '10.0.0.0/8;', 'anywhere', '10.0.0.0/8 192.0.2.1'].map(taken)).toEqual([false, false, false, false]);
  const many = (count: number) => Array.from({ length: count }, () => '10.0.0.0/8').join(';');
  expect([taken(many(40)), taken(many(41))]).toEqual([true, false]);
});

describe('the default domain', () => {
  const domain = itemNamed('RAM_DEFAULT_DOMAIN');
  const own = `${uid}.onaliyun.com`;
  const chosen = { DefaultDomainName: 'Team-A.onaliyun.com' };

  it('is that of the uid unless one is chosen, and is claimed without regard to case', () => {
    expect(applied(domain)).toEqual({ after: { DefaultDomainName: own }, claims: [own] });
    expect(applied(domain, chosen, { [domain.name]: { DefaultDomainName: own } })).toEqual({
      after: chosen,
      claims: ['team-a.onaliyun.com'],
    });
  });

  it('is never that of another uid', () => {
    expect(attempted(domain, { DefaultDomainName: own })).toMatchObject({ after: { DefaultDomainName: own } });
    const others = { DefaultDomainName: `${uid + 1}.onaliyun.com` };
    expect(attempted(domain, others)).toBe(domain.claimRefused);
    expect(domain.claimRefused).toMatchObject({ code: 'EntityAlreadyExists.DefaultDomain' });
  });

  it('ends as all do, and has at most 64 characters', () => {
    const taken = (DefaultDomainName: string) => accepts(domain, { DefaultDomainName });
    expect([taken('a.example.com'), taken('-a.onaliyun.com'), taken('a.onaliyun.com')]).toEqual([false, false, false]);
    expect([taken(`${'x'.repeat(51)}.onaliyun.com`), taken(`${'x'.repeat(53)}.onaliyun.com`)]).toEqual([true, false]);
  });
});

it('configurations of services are kept whatever they look like, unless they are nested so deep that they could not be', () => {
  const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
  const taken = (levels: number) =>
    itemNamed('SUBSCRIBE_SERVICES').accepts(`{"EnabledServiceConfigurations":[{"a":${nested(levels)}}]}`);
  expect([taken(14), taken(15), taken(15_000)]).toEqual([true, false, false]);
});

it('services are activated and never deactivated', () => {
  const left = leftBy(
    itemNamed('SUBSCRIBE_SERVICES'),
    { EnabledServices: ['KMS', 'CMS'], EnabledServiceConfigurations: [{ Service: 'KMS' }] },
    { EnabledServices: ['CONFIG', 'KMS', 'CONFIG'] },
  );
  expect(left).toEqual({
    EnabledServices: ['KMS', 'CMS', 'CONFIG'],
    EnabledServiceConfigurations: [{ Service: 'KMS' }],
  });
});

describe('networks', () => {
  const vpc = itemNamed('VPC');
  const network = (Name: string, CidrBlock = '10.0.0.0/16', ...blocks: string[]) => ({
    RegionId: 'cn-hangzhou',
    Name,
    CidrBlock,
    Description: '',
    VSwitches: blocks.map((block, index) => ({ Name: `vsw-${index}`, ZoneId: 'cn-hangzhou-h', CidrBlock: block })),
    NetworkAcls: [],
  });
  const taken = (...Vpcs: object[]) => accepts(vpc, { Vpcs });

  it('replace those of the same name in the same region; others stay', () => {
    const elsewhere = { ...network('a'), RegionId: 'cn-beijing' };
    const wider = network('a', '10.0.0.0/8');
    expect(leftBy(vpc, { Vpcs: [network('a'), network('b')] }, { Vpcs: [elsewhere, wider] })).toEqual({
      Vpcs: [wider, network('b'), elsewhere],
    });
    expect([taken(network('a'), network('a')), taken(network('a'), elsewhere)]).toEqual([false, true]);
  });

  it('have their parts inside them and apart from each other', () => {
    expect(taken(network('a', '10.0.0.0/16', '10.0.0.0/24', '10.0.1.0/24', '10.0.255.0/24'))).toBe(true);
    expect(taken(network('a', '10.0.0.0/16', '10.0.0.0/16'))).toBe(true);
    expect(taken(network('a', '10.0.0.0/16', '10.1.0.0/24'))).toBe(false);
    expect(taken(network('a', '10.0.0.0/16', '10.0.0.0/15'))).toBe(false);
    expect(taken(network('a', '10.0.0.0/16', '10.0.1.0/24', '10.0.0.0/23'))).toBe(false);
    expect(taken(network('a', '10.0.0.0/16', '10.0.1.0/24', '10.0.1.128/25'))).toBe(false);
  });

  it('are blocks of addresses', () => {
    const blocks = ['0.0.0.0/0', '255.255.255.255/32', '10.0.0.256/24', '10.0.0.0/33', '10.0.0.0', '10.0.0/8', 'x'];
    expect(blocks.map((block) => taken(network('a', block)))).toEqual([true, true, false, false, false, false, false]);
  });

  it('accept or drop, at ports that are written as a range', () => {
    const entry = { Protocol: 'tcp', CidrIp: '0.0.0.0/0', Port: '443/443', Policy: 'accept' };
    const ruled = (change: object) =>
      taken({ ...network('a'), NetworkAcls: [{ Name: 'acl', IngressAclEntries: [{ ...entry, ...change }] }] });
    expect([ruled({}), ruled({ Policy: 'drop' }), ruled({ Port: '-1/-1' })]).toEqual([true, true, true]);
    expect([ruled({ Policy: 'deny' }), ruled({ Port: '443' }), ruled({ CidrIp: 'all' })]).toEqual([
      false,
      false,
      false,
    ]);
  });
});
