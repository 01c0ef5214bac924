import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ensureTable, localStreams } from '#infra/local/database.ts';
import { type Engine, startEngine } from '#infra/local/engine.ts';
import { type Consumer, openStreamPump } from '#infra/local/streamPump.ts';
import { type Deps, openDeps } from '#lib/deps.ts';
import type { StreamRecord } from '#lib/jobs/job.ts';
import { publishRecords } from '#lib/jobs/publish.ts';
import { systemPorts } from '#lib/ports.ts';
import { issue } from '#lib/store/accessKeys.ts';
import { register } from '#lib/store/accounts.ts';
import { LARGE } from '#lib/store/relations/readings.ts';
import { relationSubject } from '#lib/store/relations/subject.ts';
import { commit, type Write } from '#lib/table/commit.ts';
import { commitOrder, type Image } from '#test/races/commitOrder.ts';
import { times } from '#test/support/breadth.ts';
import { engineClient } from '#test/support/engineClient.ts';
import { type Answer, answerTo, type Params, type Signer, signedCall } from '#test/support/estate.ts';
import { writeMembers } from '#test/support/members.ts';
import { fakeBus } from '#test/workers/stream.ts';

const HISTORIES = times(3, 1);
const READERS = 4;
const WRITERS = 12;
const LISTS = 14;
const STEPS = 16;

const codes = ['CHECK_FINANCE_INFO'];
const terms = { RelationType: 'enterprise_group', PermissionCodes: codes };
const names = {
  inviting: 'CONFIRMING',
  active: 'RELATED',
  changing: 'CHANGE_CONFIRMING',
  declined: 'REJECTED',
  withdrawn: 'CONNECTION_MASTER_CANCEL',
  ended: 'CONNECTION_CANCELED',
} as const;
const filters = [['CONFIRMING'], ['RELATED'], ['RELATED', 'CHANGE_CONFIRMING'], ['REJECTED'], Object.values(names)];

let engine: Engine | undefined;
afterAll(() => engine?.stop());

/** Three processes over one table whose stream tells the order of all commits. */
async function begin() {
  await engine?.stop();
  engine = await startEngine(undefined, process.env);
  const { endpoint } = engine;
  const tableName = `test-${randomBytes(8).toString('hex')}`;
  const ports = { ...systemPorts, log: () => undefined };
  // On a busy machine a call may be late that would not be anywhere else.
  const wiring = { tableName, masterKey: Buffer.alloc(32, 7), ports, callMs: 60_000 };
  const open = () => openDeps({ ...wiring, client: engineClient(endpoint) });
  await ensureTable(engineClient(endpoint), tableName);
  const processes: readonly Deps[] = [open(), open(), open()];
  const [deps = open()] = processes;
  const save = (write: Write) => commit(deps.table, write);
  let uids = 1_810_000_000_000_000;
  const keyed = async (uid: number | undefined): Promise<Signer> => {
    const keyId = ports.ids.accessKeyId();
    await save(issue({ keyId, uid, active: true, createdAtMs: Date.now() }));
    return { uid: uid ?? 0, keyId, secret: deps.keyring.derive(keyId) };
  };
  const account = async (legalName: string) => {
    const uid = ++uids;
    await save(register({ uid, name: `login${uid}@test`, legalName, createdAtMs: Date.now() }, 'given'));
    return keyed(uid);
  };
  let calls = 0;
  const call = async (by: Signer, action: string, params: Params): Promise<Answer> => {
    const version = by.uid === 0 ? '2026-01-01' : '2017-12-14';
    const [path, init] = signedCall(by, action, version, { RequestId: 'r', ...params });
    const process = processes[calls++ % processes.length] ?? deps;
    const response = await answerTo(path, init, process);
    return { status: response.status, body: await response.json() };
  };
  const publish = (records: readonly StreamRecord[]) =>
    publishRecords({ deps, bus: fakeBus() }, [relationSubject], records);
  const places = join(mkdtempSync(join(tmpdir(), 'lists-')), 'places');
  const consume: Consumer = async (records) => (await publish(records)).again;
  return {
    account,
    call,
    estate: { deps, nowMs: Date.now },
    operator: await keyed(undefined),
    order: () => commitOrder(endpoint, tableName),
    pump: openStreamPump(localStreams(endpoint), tableName, places, consume),
  };
}

/** A list that was read between the commits of two marks. */
interface Listed {
  readonly uid: number;
  readonly mark: string;
  readonly params: { readonly StatusList: readonly string[]; readonly PageNum: number; readonly PageSize: number };
  readonly answer: Answer['body'];
}

const pick = <Of>(all: readonly Of[]): Of => {
  const one = all[Math.floor(Math.random() * all.length)];
  if (one === undefined) throw new RangeError('there is nothing to pick');
  return one;
};

/** How many a list has in all, and a page of them. */
interface Part {
  readonly TotalCount: number;
  readonly rows: readonly { readonly RelationId: number; readonly State: string }[];
}

/** What the list would answer of these relations. */
function expected(relations: ReadonlyMap<number, Image>, { params, uid }: Listed): Part {
  const { PageNum, PageSize, StatusList } = params;
  const all = [...relations.values()]
    .filter(({ childUid, parentUid }) => childUid === uid || parentUid === uid)
    .map(({ id, status }) => ({ RelationId: Number(id), State: String(names[status as keyof typeof names]) }))
    .filter(({ State }) => StatusList.includes(State))
    .toSorted((one, other) => one.RelationId - other.RelationId);
  return { TotalCount: all.length, rows: all.slice((PageNum - 1) * PageSize, PageNum * PageSize) };
}

function answered({ answer }: Listed): Part {
  const rows = answer.Data.FinancialRelationInfoList.map(
    ({ RelationId, State }: { RelationId: number; State: string }) => ({ RelationId, State }),
  );
  return { TotalCount: answer.Data.TotalCount, rows };
}

/** A parent that has so many members from the beginning; and whether the events of what moves are published meanwhile. */
interface Setting {
  readonly crowd: number;
  readonly isPublished: boolean;
}

async function history({ crowd, isPublished }: Setting): Promise<number> {
  const { account, call, estate, operator, order, pump } = await begin();
  // The middle account is a parent of some and a child of others.
  const [parent, rival, middle] = [await account('Alpha'), await account('Gamma'), await account('Alpha')];
  const parents = [parent, parent, rival, middle];
  const members = await Promise.all(Array.from({ length: WRITERS }, (_, nth) => account(nth % 3 ? 'Beta' : 'Alpha')));
  const inEffect = Array.from({ length: crowd }, () => ({ status: 'active' as const }));
  if (crowd > 0) await writeMembers(estate, parent, 1_000_000_000, inEffect);

  const latest = new Map<string, number>();
  const moveOne = async (member: Signer): Promise<void> => {
    const by = pick(parents);
    const child = Math.random() < 0.2 && by !== middle ? middle : member;
    const parties = { ...terms, ParentUserId: by.uid, ChildUserId: child.uid };
    const pair = `${by.uid} ${child.uid}`;
    const RelationId = latest.get(pair);
    // Who names a relation by its id does not name its parent, so what becomes of it is counted later.
    const named = RelationId === undefined || Math.random() < 0.3 ? parties : { ...terms, RelationId };
    const codeOf = { child_agree: child, child_disagree: child, parent_cancel: by };
    const ConfirmCode = pick(['child_agree', 'child_agree', 'child_disagree', 'parent_cancel'] as const);
    const change = {
      ...parties,
      RelationOperation: pick(['ADD', 'DELETE']),
      PermissionCodes: ['MANAGE_TARGET_INVOICE'],
    };
    const [signer, action, params] = pick([
      [by, 'AddAccountRelation', parties],
      [by, 'AddAccountRelation', parties],
      [codeOf[ConfirmCode], 'ConfirmRelation', { ...named, ConfirmCode }],
      [codeOf[ConfirmCode], 'ConfirmRelation', { ...named, ConfirmCode }],
      [by, 'ModifyAccountRelation', change],
      [by, 'RelieveAccountRelation', named],
    ] as const);
    const { status, body } = await call(signer, action, params);
    expect(status, JSON.stringify(body)).toBeLessThan(500);
    if (action === 'AddAccountRelation' && status === 200) latest.set(pair, body.Data.RelationId);
  };

  const lists: Listed[] = [];
  let marks = 0;
  const marked = async (): Promise<string> => {
    const Uid = parent.uid;
    const Arrears = ++marks;
    // A busy machine may be late with an answer; to say the same again changes nothing.
    await expect.poll(async () => (await call(operator, 'PutAccountStanding', { Uid, Arrears })).status).toBe(200);
    return String(Arrears);
  };
  const readOne = async (): Promise<void> => {
    const { uid, ...reader } = pick(parents);
    const PageSize = pick([1, 2, 5, 20, 100]);
    const params = { StatusList: pick(filters), PageNum: pick([1, 1, 2, 3]), PageSize };
    const mark = await marked();
    const { status, body } = await call({ uid, ...reader }, 'QueryRelationList', { UserId: uid, ...params });
    if (status === 503) return;
    expect(status, JSON.stringify(body)).toBe(200);
    lists.push({ uid, mark: `${mark} ${await marked()}`, params, answer: body });
  };
  const repeated = (count: number, act: () => Promise<void>) => async () => {
    for (let nth = 0; nth < count; nth++) await act();
  };
  let isOver = !isPublished;
  const publishing = (async () => {
    while (!isOver) await pump.drain();
  })();
  await Promise.all([
    ...Array.from({ length: READERS }, () => repeated(LISTS, readOne)()),
    ...members.map((member) => repeated(STEPS, () => moveOne(member))()),
  ]);

  isOver = true;
  await publishing;

  const images = await order();
  const placeOf = new Map(images.map((image, place) => [`${image['type']} ${image['arrears']}`, place]));
  for (const list of lists) {
    const [from = 0, until = 0] = list.mark.split(' ').map((mark) => placeOf.get(`standing ${mark}`) ?? -1);
    const relations = new Map<number, Image>();
    const possible: Part[] = [];
    for (const [place, image] of images.slice(0, until + 1).entries()) {
      if (image['type'] === 'relation') relations.set(Number(image['id']), image);
      const isState = place === from || (place > from && image['type'] === 'relation');
      if (isState) possible.push(expected(relations, list));
    }
    expect(possible, JSON.stringify(list.params)).toContainEqual(answered(list));
  }
  return lists.length;
}

describe('lists read while relations are invited to, accepted, changed and ended', () => {
  it.each([
    ['few', { crowd: 0, isPublished: false }],
    ['some more than are read as a whole', { crowd: 40, isPublished: false }],
    ['as many, whose events are published meanwhile', { crowd: 40, isPublished: true }],
    ['more than a thousand', { crowd: LARGE + 100, isPublished: true }],
  ])('are each of one moment between their beginning and their end: of %s', async (_, setting) => {
    let explained = 0;
    for (let nth = 0; nth < HISTORIES; nth++) explained += await history(setting);
    expect(explained).toBeGreaterThan((HISTORIES * READERS * LISTS) / 2);
  });
});
