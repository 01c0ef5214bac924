import { expect, test } from 'vitest';
import { planOf } from '#infra/local/seed/parties.ts';
import { readSeed } from '#infra/local/seed/read.ts';
import { SeedError } from '#infra/local/seed/seedError.ts';

const demo = [{ uid: 1738376485192612, name: 'parent@demo' }];

/** What a person is told of a seed, but for the first line. */
function told(text: string, name = 'estate.yaml'): string[] {
  try {
    planOf(readSeed(name, text), demo);
    return [];
  } catch (error) {
    if (!(error instanceof SeedError)) throw error;
    const [first, ...faults] = error.message.split('\n');
    expect(first).toBe(`${name} is not loaded, and nothing of it is written:`);
    return faults;
  }
}

test('one wrong line among 1,000 accounts is told by its line, its column and what may stand there', () => {
  const line = (index: number) =>
    `  - { name: a${index}@corp, standing: { frozen: ${index === 700 ? 'yes' : 'true'} } }`;
  const text = ['accounts:', ...Array.from({ length: 1000 }, (_, index) => line(index))].join('\n');
  const [fault, ...more] = told(text);
  expect(fault).toBe('estate.yaml:702:44: accounts[700].standing.frozen must be true or false, not "yes".');
  expect(more).toEqual([]);
});

test('a word that is none of the allowed ones is told with them, and with the one that is meant', () => {
  const text = 'relations:\n  - parent: parent@demo\n    child: parent@demo\n    status: invitng\n';
  const sentence = 'relations[0].status must be one of active, inviting, not "invitng"; did you mean inviting?';
  expect(told(text)).toEqual([`estate.yaml:4:13: ${sentence}`]);
});

test('an unknown field is told with those that there are, and with the one that is meant', () => {
  const names = 'name, legalName, uid, env, email, keys, standing';
  const sentence = `accounts[0] has no field legalname; did you mean legalName? There are ${names}.`;
  expect(told('accounts:\n  - name: a@corp\n    legalname: A Ltd.\n')).toEqual([`estate.yaml:3:5: ${sentence}`]);
});

test('a list, or text, where a mapping belongs is told as such', () => {
  const names = 'mapping of $schema, accounts, operators, directories, relations';
  expect(told('- name: a@corp\n')).toEqual([`estate.yaml:1:1: A seed must be a ${names}, not a list.`]);
  expect(told('accounts')).toEqual([`estate.yaml:1:1: A seed must be a ${names}, not "accounts".`]);
});

test('a field that is missing is told with what it is for', () => {
  const sentence = 'accounts[0] has to have a name. The login name other parties see.';
  expect(told('accounts:\n  - legalName: A Ltd.\n')).toEqual([`estate.yaml:2:5: ${sentence}`]);
});

test('all faults are told in the order of the lines, the first twenty of them', () => {
  const text = `accounts:\n${'  - { name: 3, uid: 4 }\n'.repeat(15)}`;
  const faults = told(text);
  expect(faults).toHaveLength(21);
  expect(faults[1]).toBe('estate.yaml:2:21: accounts[0].uid must be the uid of an account: 16 digits, or 10, not 4.');
  expect(faults.at(-1)).toBe('and 10 more.');
});

test('what is wrong inside folders of folders is told where it stands, also behind an alias', () => {
  const text = `
directories:
  - management: parent@demo
    folders:
      - name: Apps
        folders: &own
          - name: a b
      - name: Sandbox
        folders: *own
`;
  expect(told(text)).toEqual([
    'estate.yaml:7:19: directories[0].folders[0].folders[0].name must be 1 to 24 letters, digits and _ . - characters, not "a b".',
    'estate.yaml:7:19: directories[0].folders[1].folders[0].name must be 1 to 24 letters, digits and _ . - characters, not "a b".',
  ]);
});

test.each([
  ['a list that does not end', 'accounts: [', /^estate\.yaml:1:12: /],
  ['a name that is there twice', 'accounts: []\naccounts: []\n', /^estate\.yaml:2:1: Map keys must be unique\./],
  ['another document', 'accounts: []\n---\naccounts: []\n', /^estate\.yaml:2:1: /],
  ['a text in place of a seed', 'accounts', /^estate\.yaml:1:1: .*must be a mapping of /],
])('%s is told as what it is', (_, text, expected) => {
  expect(told(text)).toEqual([expect.stringMatching(expected)]);
});

test('a seed may be JSON, and is told of in the same way', () => {
  const text = JSON.stringify({ accounts: [{ name: 'a@corp', keys: [{ accessKeyId: 'no' }] }] }, undefined, 2);
  expect(told(text, 'estate.json')).toEqual([
    expect.stringMatching(/^estate\.json:7:26: accounts\[0\]\.keys\[0\]\.accessKeyId must be a text/),
  ]);
});

test('a file of comments alone is a seed of nothing', () => {
  const { seed } = readSeed('estate.yaml', '# accounts: []\n');
  expect(seed).toEqual({ accounts: [], directories: [], operators: [], relations: [] });
});

test('a party that is no account is told with the name that is meant', () => {
  const text = 'accounts:\n  - name: payer@corp\nrelations:\n  - parent: payr@corp\n    child: nobody\n';
  expect(told(text)).toEqual([
    'estate.yaml:4:13: relations[0].parent names no account; did you mean payer@corp?',
    'estate.yaml:5:12: relations[0].child names no account.',
  ]);
});

test('what is there twice is told at the second place', () => {
  const text = `
accounts:
  - { name: a@corp, uid: 1000000000000001, email: A@corp.example, env: PAYER, keys: [{ accessKeyId: KEY1 }] }
  - { name: b@corp, uid: "1000000000000001", email: a@corp.example, env: PAYER, keys: [{ accessKeyId: KEY1 }] }
`;
  expect(told(text)).toEqual([
    'estate.yaml:4:5: accounts[1] has the uid 1000000000000001, which is there before.',
    'estate.yaml:4:5: accounts[1] has the e-mail a@corp.example, which is there before.',
    'estate.yaml:4:5: accounts[1] has the name PAYER in demo.env, which is there before.',
    'estate.yaml:4:88: accounts[1].keys[0] has the key KEY1, which is there before.',
  ]);
});

test('a member is an account that is described elsewhere, or is described where it is', () => {
  const text = `
directories:
  - management: parent@demo
    members:
      - { account: parent@demo, email: a@corp.example }
      - { type: cloud, name: b@corp }
`;
  expect(told(text)).toEqual([
    'estate.yaml:5:40: directories[0].members[0].email is said where its account is described, not here.',
    'estate.yaml:6:9: directories[0].members[1] has to have a displayName, or an account.',
  ]);
});

test('either vendor is understood in its own words', () => {
  const relation = (terms: string) => `relations: [{ parent: parent@demo, child: parent@demo, ${terms} }]`;
  const meant = (terms: string) => readSeed('estate.yaml', relation(terms)).seed.relations[0];
  const own = meant('policy: management, permissions: [view-funds, view-bills]');
  expect(meant('policy: FinancialManagement, permissions: [CHECK_FINANCE_INFO, CHECK_TARGET_CONSUMPTION]')).toEqual(
    own,
  );
  expect(meant('policy: 4, permissions: [2, 4]')).toEqual(own);
  expect(meant('policy: FinancialTrusteeship')).toEqual(meant('policy: 1'));
});
