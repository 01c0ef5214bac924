import fc from 'fast-check';
import { expect, it } from 'vitest';
import { job as sweep } from '#functions/workers/expireInvitations.ts';
import { job as publisher } from '#functions/workers/publishEvents.ts';
import { bss } from '#lib/products/bss/product.ts';
import { resourceDirectoryMaster, resourceManager } from '#lib/products/directory/product.ts';
import { governance } from '#lib/products/governance/product.ts';
import { submit, tokenOf } from '#test/directory/asking.ts';
import { type DirectoryEstate, directed } from '#test/directory/calls.ts';
import { newDeletionEstate, settle as settleDeletions } from '#test/directory/deletions.ts';
import { defaultDomain } from '#test/governance/calls.ts';
import { settle as settleEnrolments } from '#test/governance/enrolling.ts';
import { coherenceOf } from '#test/races/coherence.ts';
import { times } from '#test/support/breadth.ts';
import { type Params, type Signer, signedCall } from '#test/support/estate.ts';
import { allRows } from '#test/workers/overdue.ts';
import { fakeBus, streamOf } from '#test/workers/stream.ts';

const ESTATES = times(40, 1);
const ROUNDS = 40;
const CALLERS = 6;
const SEED = 20261126;
/** A minute, an hour, and long enough for a mail's link to lapse. */
const turns = [61_000, 3_600_000, 25 * 3_600_000];

/** The ids that answers have told, by the names of their fields. */
const told = {
  AccountId: 'accounts',
  AccountUid: 'accounts',
  FolderId: 'folders',
  HandshakeId: 'handshakes',
  RecordId: 'records',
  BaselineId: 'baselines',
} as const;

type Known = Readonly<Record<(typeof told)[keyof typeof told], Set<string>>>;

/** One of these, by the next throw of the dice. */
type Pick = <T>(from: Iterable<T>) => T | undefined;

interface Asked {
  readonly action: string;
  readonly by: Signer;
  readonly params: Params;
  readonly version: string;
}

// So few that they meet.
const names = ['One', 'Two', 'Three', 'Four'];
const emails = ['one@example.com', 'two@example.com'];
const domains = ['team-a.onaliyun.com', 'team-b.onaliyun.com'];

/** One call of each kind that changes something, about what is known. The more often it stands here, the more often it is made. */
function callsOf({ child, parent, sibling }: DirectoryEstate, known: Known, pick: Pick): (() => Asked)[] {
  const mine = (action: string, paramsOf: () => Params, version: string = resourceManager) => {
    return (): Asked => ({ action, by: parent, params: paramsOf(), version });
  };
  const theirs = (action: string) => (): Asked => {
    const params = { HandshakeId: pick(known.handshakes) };
    return { action, by: pick([sibling, child]) ?? sibling, params, version: resourceManager };
  };
  const account = () => pick(known.accounts);
  const related = (
    action: string,
    between: () => [parent: unknown, child: unknown],
    by: () => Signer,
    more: Params,
  ) => {
    return (): Asked => {
      const [ParentUserId, ChildUserId] = between().map(String);
      const naming = { RelationType: 'enterprise_group', RequestId: 'r', ParentUserId, ChildUserId };
      return { action, by: by(), params: { ...naming, ...more }, version: bss.version };
    };
  };
  const PermissionCodes = ['CHECK_FINANCE_INFO'];
  const ours = () => parent;
  const toAny = (): [number, unknown] => [parent.uid, account()];
  const folder = () => pick(known.folders);
  const onAccount = (action: string, more: () => Params = () => ({})) =>
    mine(action, () => ({ AccountId: account(), ...more() }));
  const enrol = (more: () => Params) =>
    mine(
      'EnrollAccount',
      () => ({
        BaselineId: pick([undefined, ...known.baselines]),
        'BaselineItems.1.Name': defaultDomain,
        'BaselineItems.1.Config': JSON.stringify({ DefaultDomainName: pick(domains) }),
        ...more(),
      }),
      governance.version,
    );
  const create = mine('CreateResourceAccount', () => ({
    DisplayName: pick(names),
    ParentFolderId: pick([undefined, folder()]),
    PayerAccountId: pick([undefined, parent.uid, account()]),
    AccountNamePrefix: pick([undefined, 'alice', 'bob']),
  }));
  return [
    ...[create, create, create],
    mine('CreateCloudAccount', () => ({ DisplayName: pick(names), Email: pick(emails), ParentFolderId: folder() })),
    mine('CancelCreateCloudAccount', () => ({ RecordId: pick(known.records) })),
    onAccount('PromoteResourceAccount', () => ({ Email: pick(emails) })),
    mine('CancelPromoteResourceAccount', () => ({ RecordId: pick(known.records) })),
    onAccount('MoveAccount', () => ({ DestinationFolderId: folder() })),
    onAccount('UpdateAccount', () => ({ NewDisplayName: pick(names) })),
    onAccount('UpdateAccount', () => ({ NewAccountType: 'ResourceAccount' })),
    onAccount('RemoveCloudAccount'),
    onAccount('CheckAccountDelete'),
    onAccount('DeleteAccount'),
    mine(
      'UpdatePayerForAccount',
      () => ({ AccountId: account(), PayerAccountId: pick([account(), '']) }),
      resourceDirectoryMaster,
    ),
    mine('CreateFolder', () => ({ FolderName: pick(names), ParentFolderId: folder() })),
    mine('UpdateFolder', () => ({ FolderId: folder(), NewFolderName: pick(names) })),
    mine('DeleteFolder', () => ({ FolderId: folder() })),
    mine('InviteAccountToResourceDirectory', () => ({
      TargetEntity: pick([sibling.uid, child.uid]),
      TargetType: 'Account',
    })),
    mine('CancelHandshake', () => ({ HandshakeId: pick(known.handshakes) })),
    theirs('AcceptHandshake'),
    theirs('DeclineHandshake'),
    mine('CreateAccountFactoryBaseline', () => ({ BaselineName: pick(names) }), governance.version),
    mine('DeleteAccountFactoryBaseline', () => ({ BaselineId: pick(known.baselines) }), governance.version),
    related('AddAccountRelation', toAny, ours, { PermissionCodes }),
    related('AddAccountRelation', toAny, ours, { RoleCodes: ['trusteeship'] }),
    related('RelieveAccountRelation', toAny, ours, {}),
    related(
      'AddAccountRelation',
      () => [sibling.uid, account()],
      () => sibling,
      { PermissionCodes },
    ),
    related(
      'RelieveAccountRelation',
      () => [sibling.uid, account()],
      () => sibling,
      {},
    ),
    related(
      'ConfirmRelation',
      () => [pick([parent.uid, sibling.uid]), child.uid],
      () => child,
      {
        ConfirmCode: 'child_agree',
        PermissionCodes,
      },
    ),
    enrol(() => ({ AccountUid: account() })),
    enrol(() => ({
      DisplayName: pick(names),
      AccountNamePrefix: 'alice',
      PayerAccountUid: pick([undefined, account()]),
    })),
  ];
}

/** Remembers the ids in an answer. */
function learn(known: Known, answer: object): void {
  for (const [name, value] of Object.entries(answer)) {
    if (typeof value === 'object' && value !== null) learn(known, value);
    else if (name in told) known[told[name as keyof typeof told]].add(String(value));
  }
}

/** Does all that waits, and files all that has happened. */
async function rest(estate: DirectoryEstate): Promise<void> {
  const settle = async () => [await settleDeletions(estate), await settleEnrolments(estate)];
  await settle();
  await sweep.run({ deps: estate.anotherProcess() }, () => 60_000);
  await settle();
  await publisher.run({ bus: fakeBus(), deps: estate.deps }, await streamOf(estate));
}

const plans = fc.sample(fc.infiniteStream(fc.nat()), { seed: SEED, numRuns: ESTATES });

it('whatever is done at once to a directory, nothing fails, and its counts, claims and lists agree', async () => {
  for (const dice of plans) {
    const pick: Pick = (from) => {
      const all = [...from];
      return all[Number(dice.next().value) % all.length];
    };
    const estate = await newDeletionEstate();
    const { child, parent, rootFolderId, sibling } = estate;
    const known: Known = {
      accounts: new Set([String(sibling.uid), String(child.uid)]),
      folders: new Set([rootFolderId]),
      handshakes: new Set(),
      records: new Set(),
      baselines: new Set(),
    };
    const calls = callsOf(estate, known, pick);
    const processes = [estate.deps, estate.anotherProcess(), estate.anotherProcess()];
    for (let round = 0; round < ROUNDS; round++) {
      const asked = Array.from({ length: CALLERS }, () => pick(calls)?.());
      const answers = asked.map(async (one, index) => {
        if (one === undefined) throw new RangeError('there is no such call');
        const [path, init] = signedCall(one.by, one.action, one.version, one.params);
        const response = await estate.send(path, init, processes[index % processes.length]);
        const text = await response.text();
        expect(response.status, `${one.action} ${JSON.stringify(one.params)}: ${text}`).toBeLessThan(500);
        return response.status === 200 ? JSON.parse(text) : {};
      });
      for (const answer of await Promise.all(answers)) learn(known, answer);
      const record = pick(known.records);
      if (record !== undefined) await submit(estate, tokenOf(estate.deps, record), pick(processes));
      estate.advance(pick([0, 0, 0, ...turns]) ?? 0);
      if (pick([true, false])) await Promise.all([settleDeletions(estate), settleEnrolments(estate)]);
    }
    await rest(estate);
    const { counts, things } = coherenceOf(await allRows(estate));
    expect(counts).toEqual(things);
    const { Accounts, TotalCount } = await directed(estate, parent, 'ListAccounts', { PageSize: 100 });
    const shown = Accounts.Account.map(
      ({ AccountId, DisplayName }: Record<string, string>) => `#${DisplayName} ${AccountId}`,
    );
    expect(TotalCount).toBe(shown.length);
    expect(shown.toSorted()).toEqual(
      [...Object(things['names'])].map((name) => name.replace(/^MEMBERNAME#\d+/, '')).toSorted(),
    );
  }
});
