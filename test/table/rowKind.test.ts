import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { type Inside, insideOf } from '#infra/schemaShape.ts';
import { accessKeyRow, ownKeyRow, rootKeysRow } from '#lib/store/accessKeys.ts';
import { accountRow } from '#lib/store/accounts.ts';
import { accountRecordRow } from '#lib/store/directory/accountRecords.ts';
import { deletionCheckRow, deletionRow } from '#lib/store/directory/deletions.ts';
import { directoryIdRow, directoryRow } from '#lib/store/directory/directories.ts';
import { handshakeRow } from '#lib/store/directory/handshakes.ts';
import { memberNameRow } from '#lib/store/directory/memberNames.ts';
import { memberRow } from '#lib/store/directory/members.ts';
import { seatsRow } from '#lib/store/directory/seats.ts';
import { sentInvitationsRow } from '#lib/store/directory/sentInvitations.ts';
import { deletionStepRow } from '#lib/store/directory/steps.ts';
import { emailRow } from '#lib/store/emails.ts';
import { baselineRow } from '#lib/store/governance/baselines.ts';
import { claimRow, configurationRow } from '#lib/store/governance/configurations.ts';
import { enrolmentStepRow } from '#lib/store/governance/enrolmentSteps.ts';
import { enrolmentPlanRow, enrolmentRow } from '#lib/store/governance/enrolments.ts';
import { factoryRow } from '#lib/store/governance/factories.ts';
import { eventRow } from '#lib/store/ledger.ts';
import { mailRow } from '#lib/store/mails.ts';
import { answerRow, nonceRow } from '#lib/store/once.ts';
import { listingRow, relationRow } from '#lib/store/relations/rows.ts';
import { aliasRow, pairRow, slotRow } from '#lib/store/relations/slots.ts';
import { tallyRow } from '#lib/store/relations/tallies.ts';
import { standingRow } from '#lib/store/standings.ts';
import { rowKind } from '#lib/table/rowKind.ts';
import { bytesOf, mutationCases, requestWith, stageMutation } from '#test/support/everyMutation.ts';

const kinds = [
  accessKeyRow,
  accountRecordRow,
  accountRow,
  aliasRow,
  answerRow,
  baselineRow,
  claimRow,
  configurationRow,
  deletionCheckRow,
  deletionRow,
  deletionStepRow,
  directoryIdRow,
  directoryRow,
  emailRow,
  enrolmentPlanRow,
  enrolmentRow,
  enrolmentStepRow,
  eventRow,
  factoryRow,
  handshakeRow,
  mailRow,
  memberNameRow,
  memberRow,
  listingRow,
  pairRow,
  nonceRow,
  ownKeyRow,
  relationRow,
  rootKeysRow,
  seatsRow,
  sentInvitationsRow,
  slotRow,
  standingRow,
  tallyRow,
];

const key = { pk: 'P#1', sk: 'S' };
const shape = v.object({ name: v.string() });

/** A schema as text, which changes with it. */
function fingerprint(schema: v.GenericSchema): string {
  return textOf(insideOf(schema));
}

function textOf({ entries, item, options, type, wrapped }: Inside & { readonly items?: unknown }): string {
  if (wrapped) return `${textOf(wrapped)}?`;
  if (item) return `[${textOf(item)}]`;
  if (entries)
    return `{ ${Object.entries(entries)
      .map(([name, field]) => `${name}: ${textOf(field)}`)
      .join(', ')} }`;
  if (type === 'union') return (options ?? []).map((one) => textOf(one as Inside)).join(' | ');
  return options ? options.map(String).join(' | ') : type;
}

describe('a kind of row', () => {
  it('says what it is and of which schema', () => {
    expect(rowKind({ type: 'thing', shape }).row(key, { name: 'a' })).toEqual({
      ...key,
      type: 'thing',
      schema: 1,
      name: 'a',
    });
  });

  it('reads rows of every earlier schema, those that say none as the first', () => {
    const upgrades = [
      (old: object) => ({ ...old, title: 'from the first' }),
      ({ title, ...old }: Record<string, unknown>) => ({ ...old, name: title }),
    ];
    const kind = rowKind({ type: 'thing', shape, upgrades });
    expect(kind.schema).toBe(3);
    expect(kind.read(key)).toEqual({ name: 'from the first' });
    expect(kind.read({ ...key, schema: 2, title: 'from the second' })).toEqual({ name: 'from the second' });
    expect(kind.read(kind.row(key, { name: 'of today' }))).toEqual({ name: 'of today' });
  });

  it('refuses a row that is damaged', () => {
    expect(() => rowKind({ type: 'thing', shape }).read({ ...key, name: 5 })).toThrow();
  });
});

describe('every row of the table', () => {
  const known = new Map(kinds.map(({ schema, type }) => [type, schema]));

  it.each(mutationCases)('says its type and its schema after %s', async (_, mutation) => {
    const { estate, example } = await stageMutation(mutation);
    expect((await bytesOf(estate, requestWith(mutation, example, { ClientToken: 'once' }))).status).toBe(200);
    for (const { pk, sk, schema, type } of await estate.dump()) {
      expect({ pk, sk, type, schema }).toEqual({ pk, sk, type, schema: known.get(String(type)) });
    }
  });

  it('has a schema that does not change without its number', async () => {
    const lines = kinds.map((kind) => `${kind.type} ${kind.schema}: ${fingerprint(kind.shape)}`);
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('schemas.txt');
  });
});

it('a key of the first schema is read as one of a user, not of the root user', () => {
  const old = { pk: 'KEY#k', sk: 'KEY', type: 'accessKey', keyId: 'k', uid: 5, active: true, createdAtMs: 7 };
  expect(accessKeyRow.read(old)).toEqual({ keyId: 'k', uid: 5, active: true, createdAtMs: 7 });
});

it('an event of the first schema, of a relation and unfiled, is read as one of today', () => {
  const common = { eventId: '01', event: 'end', from: 'active', to: 'ended', action: 'RelieveAccountRelation' };
  const by = { actor: 5, timeMs: 7, requestId: 'r' };
  const old = { pk: 'RELATION#9', sk: 'EVENT#01', type: 'event', ...common, ...by, relationId: 9, amount: -3 };
  expect(eventRow.read(old)).toEqual({ ...common, ...by, subject: 'relation', id: 9, facts: { amount: -3 } });
});

it('a mail of the first schema asks for a confirmation, as one of today may', () => {
  const asks = { kind: 'promotion', recordId: 'r', askedBy: 'a', legalName: '', accountUid: 5, displayName: 'd' };
  const old = {
    pk: 'MAIL#r',
    sk: 'MAIL',
    type: 'mail',
    id: 'r',
    to: 'a@b.c',
    asks: { ...asks, deadlineMs: 9 },
    atMs: 7,
  };
  expect(mailRow.read(old).asks).toEqual({ ...asks, deadlineMs: 9 });
});

it('a directory, a member and a tally of the first schema are read as ones of which nothing was deleted', () => {
  const quotas = { memberQuota: 20, folderQuota: 100 };
  const tree = {
    id: 'rd-1',
    version: 1,
    managementUid: 5,
    rootFolderId: 'r-1',
    folders: {},
    ...quotas,
    createdAtMs: 7,
  };
  expect(directoryRow.read({ type: 'directory', schema: 1, ...tree })).toMatchObject({
    ...tree,
    permitsDeletion: false,
  });
  const joined = { status: 'joined', accountType: 'resource', joinMethod: 'created', outcome: 'created' };
  const member = { uid: 6, version: 1, managementUid: 5, directoryId: 'rd-1', displayName: 'Dev', seat: 0, ...joined };
  const old = { ...member, folderPath: ['r-1'], joinedAtMs: 7, updatedAtMs: 7, type: 'member', schema: 1 };
  expect(memberRow.read(old)).toMatchObject({ ...member, tags: {} });
  expect(tallyRow.read({ type: 'tally', active: 2 })).toMatchObject({ active: 2, ended: 0 });
  expect(tallyRow.read({ type: 'tally', active: 2 })).not.toHaveProperty('closed');
});

it('an enrolment of the first schema that could not be scheduled is read as one that has failed', () => {
  const told = { status: 'scheduleFailed', baselineId: 'b', isCounted: false, order: [], earlier: [], requestId: 'r' };
  const counts = { uid: 5, version: 2, managementUid: 1, applied: 0, attempts: 0, createdAtMs: 7, updatedAtMs: 7 };
  const old = { pk: 'ENROLMENT#5', sk: 'ENROLMENT', type: 'enrolment', ...told, ...counts, isInitialized: false };
  expect(enrolmentRow.read(old).status).toBe('failed');
});
