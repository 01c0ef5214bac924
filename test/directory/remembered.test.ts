import { describe, expect, it } from 'vitest';
import { operations } from '#infra/operations.ts';
import { type Deps, depsOver } from '#lib/deps.ts';
import { versionsOf } from '#lib/pipeline/route.ts';
import { resourceDirectoryMaster, resourceManager } from '#lib/products/directory/product.ts';
import type { Table } from '#lib/table/table.ts';
import { relieve, succeeded } from '#test/bss/parties.ts';
import { confirmed, promoting } from '#test/directory/asking.ts';
import {
  created,
  type DirectoryEstate,
  directed,
  directoryUnknown,
  foldered,
  folderUnknown,
  memberUnknown,
  newDirectoryEstate,
  signerOf,
} from '#test/directory/calls.ts';
import { handled, invited, invitedByEmail, registered } from '#test/directory/handshakes.ts';
import { cloudMember } from '#test/directory/members.ts';
import { type Answer, masterKey, type Params, type Signer, signedCall } from '#test/support/estate.ts';
import { requestOf } from '#test/support/everyOperation.ts';
import { stage, waysOf } from '#test/support/examples.ts';

/** What an operation that reads answers to a call, and what that asked of the table. */
interface Reading extends Answer {
  readonly requests: number;
  readonly roundTrips: number;
  readonly readUnits: number;
}

/** Calls that one process is asked by an account. */
type Ask = (process?: Deps) => Promise<Reading>;

function asking(
  estate: DirectoryEstate,
  by: Signer,
  action: string,
  params: Params = {},
  version: string = resourceManager,
): Ask {
  return async (process = estate.deps) => {
    await process.keyring.secretOf(by.keyId);
    const response = await estate.send(...signedCall(by, action, version, params), process);
    const { RequestId: _, ...body } = JSON.parse(await response.text());
    const { readUnits, requests, roundTrips } = { ...estate.logged.at(-1) };
    const counts = [requests, roundTrips, readUnits].map(Number);
    const [asked = 0, waits = 0, units = 0] = counts;
    return { status: response.status, body, requests: asked, roundTrips: waits, readUnits: units };
  };
}

describe('in a process that has answered the same call before, one round trip is', () => {
  const reads = operations.filter(({ effect, product }) => product.name === 'directory' && effect === 'read');
  const all = reads.flatMap((operation) =>
    waysOf(operation).flatMap((way, nth) => versionsOf(operation).map((version) => ({ operation, version, way, nth }))),
  );

  it.each(all)('$operation.action of $version, $nth', async ({ operation, version, way }) => {
    const { estate, example } = await stage(operation, way);
    const call = () => estate.send(...requestOf(operation, { ...example, version: example.version ?? version }));
    const answers = [await call(), await call()];
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const [cold, warm] = estate.logged.slice(-2);
    // A later page lies behind what is passed over first.
    const isLater = Number(example.params['PageNumber'] ?? 1) > 1;
    expect(warm?.['roundTrips']).toBe(isLater ? 2 : 1);
    expect(warm?.['requests']).toBeLessThanOrEqual(Number(cold?.['requests']));
  });
});

/** What is so at first, what comes then, and what is read before and after that. */
interface Change {
  readonly ask: Ask;
  change(): Promise<unknown>;
  readonly before: object;
  readonly after: object;
}

const changes: Readonly<Record<string, (estate: DirectoryEstate) => Promise<Change>>> = {
  async 'a payment that ends'(estate) {
    const { call, parent } = estate;
    const { AccountId } = await created(estate, 'Dev', { PayerAccountId: parent.uid });
    const { Data } = succeeded(await call(parent, 'QueryRelationList', { UserId: parent.uid }));
    return {
      ask: asking(estate, parent, 'GetPayerForAccount', { AccountId }),
      change: async () => succeeded(await relieve(estate, parent, Data.FinancialRelationInfoList[0].RelationId)),
      before: { body: { PayerAccountId: String(parent.uid) } },
      after: { body: {} },
    };
  },
  async 'a payment that another takes over'(estate) {
    const { parent } = estate;
    const { AccountId: PayerAccountId } = await created(estate, 'Payer');
    const { AccountId } = await created(estate, 'Dev', { PayerAccountId: parent.uid });
    return {
      ask: asking(estate, parent, 'GetPayerForAccount', { AccountId }),
      change: () =>
        directed(estate, parent, 'UpdatePayerForAccount', { AccountId, PayerAccountId }, resourceDirectoryMaster),
      before: { body: { PayerAccountId: String(parent.uid) } },
      after: { body: { PayerAccountId } },
    };
  },
  async 'a payment for a member that leaves'(estate) {
    const { parent } = estate;
    const uid = await cloudMember(estate, 'Dev');
    return {
      ask: asking(estate, parent, 'GetPayerForAccount', { AccountId: uid }),
      change: () => directed(estate, parent, 'RemoveCloudAccount', { AccountId: uid }),
      before: { body: {} },
      after: { body: { Code: memberUnknown.body.Code } },
    };
  },
  async 'a member that moves to another directory'(estate) {
    const { parent, sibling } = estate;
    const uid = await cloudMember(estate, 'Dev');
    const { ResourceDirectory } = await directed(estate, sibling, 'InitResourceDirectory');
    const member = await signerOf(estate, uid);
    return {
      ask: asking(estate, member, 'GetResourceDirectory'),
      async change() {
        await directed(estate, parent, 'RemoveCloudAccount', { AccountId: uid });
        const { HandshakeId } = await invited({ ...estate, parent: sibling, sibling: member });
        await handled(estate, member, 'Accept', HandshakeId);
      },
      before: {
        body: { ResourceDirectory: { ResourceDirectoryId: estate.directoryId, MasterAccountId: String(parent.uid) } },
      },
      after: {
        body: {
          ResourceDirectory: {
            ResourceDirectoryId: ResourceDirectory.ResourceDirectoryId,
            MasterAccountId: String(sibling.uid),
          },
        },
      },
    };
  },
  async 'a member that leaves'(estate) {
    const AccountId = await cloudMember(estate, 'Dev');
    return {
      ask: asking(estate, await signerOf(estate, AccountId), 'GetResourceDirectory'),
      change: () => directed(estate, estate.parent, 'RemoveCloudAccount', { AccountId }),
      before: { status: 200 },
      after: { status: 404, body: { Code: 'ResourceDirectoryNotInUse' } },
    };
  },
  async 'a member that comes to manage a directory of its own'(estate) {
    const AccountId = await cloudMember(estate, 'Dev');
    const member = await signerOf(estate, AccountId);
    return {
      ask: asking(estate, member, 'GetResourceDirectory'),
      async change() {
        await directed(estate, estate.parent, 'RemoveCloudAccount', { AccountId });
        await directed(estate, member, 'InitResourceDirectory');
      },
      before: { body: { ResourceDirectory: { MasterAccountId: String(estate.parent.uid) } } },
      after: { body: { ResourceDirectory: { MasterAccountId: String(AccountId) } } },
    };
  },
  async 'a directory that is made anew: its members'(estate) {
    const { parent, rootFolderId } = estate;
    return {
      ask: asking(estate, parent, 'ListAccountsForParent'),
      async change() {
        const { RootFolderId } = await madeAnew(estate);
        expect(RootFolderId).not.toBe(rootFolderId);
        await created(estate, 'New');
      },
      before: { body: { TotalCount: 0 } },
      after: { body: { TotalCount: 1, Accounts: { Account: [{ DisplayName: 'New' }] } } },
    };
  },
  async 'a directory that is made anew: its invitations'(estate) {
    const { parent } = estate;
    await invited(estate);
    return {
      ask: asking(estate, parent, 'ListHandshakesForResourceDirectory'),
      change: () => madeAnew(estate),
      before: { body: { TotalCount: 1 } },
      after: { body: { TotalCount: 0 } },
    };
  },
  async 'a directory that is destroyed'(estate) {
    return {
      ask: asking(estate, estate.parent, 'ListAccountsForParent'),
      change: () => directed(estate, estate.parent, 'DestroyResourceDirectory'),
      before: { status: 200 },
      after: { status: 404, body: { Code: directoryUnknown.body.Code } },
    };
  },
  async 'a folder that is deleted'(estate) {
    const FolderId = await foldered(estate, 'Apps');
    return {
      ask: asking(estate, estate.parent, 'ListAccountsForParent', { ParentFolderId: FolderId }),
      change: () => directed(estate, estate.parent, 'DeleteFolder', { FolderId }),
      before: { body: { TotalCount: 0 } },
      after: { status: 404, body: { Code: folderUnknown.body.Code } },
    };
  },
  async 'a name of a member’s account'(estate) {
    const { AccountName, RecordId } = await promoting(estate);
    expect(AccountName).toBe('dev@example.com');
    return {
      ask: asking(estate, estate.parent, 'ListAccounts', {}, resourceDirectoryMaster),
      change: () => confirmed(estate, RecordId),
      before: { body: { Accounts: { Account: [{ AccountName: expect.not.stringContaining('dev@example.com') }] } } },
      after: { body: { Accounts: { Account: [{ AccountName: 'dev@example.com' }] } } },
    };
  },
  async 'a page of members'(estate) {
    await created(estate, 'One');
    return {
      ask: asking(estate, estate.parent, 'ListAccountsForParent', {}, resourceDirectoryMaster),
      change: () => created(estate, 'Two'),
      before: { body: { Accounts: { Account: [{ AccountName: expect.stringContaining('@') }] } } },
      after: {
        body: {
          Accounts: {
            Account: [{ AccountName: expect.stringContaining('@') }, { AccountName: expect.stringContaining('@') }],
          },
        },
      },
    };
  },
  async 'an address that is invited once it is an account’s'(estate) {
    const { AccountId, RecordId } = await promoting(estate);
    const ask = asking(estate, await signerOf(estate, AccountId), 'ListHandshakesForAccount');
    await directed(estate, estate.sibling, 'InitResourceDirectory');
    await invitedByEmail({ ...estate, parent: estate.sibling }, 'dev@example.com');
    return {
      ask,
      change: () => confirmed(estate, RecordId),
      before: { body: { TotalCount: 0 } },
      after: { body: { TotalCount: 1 } },
    };
  },
};

/** Destroys the parent's directory, and makes another. */
async function madeAnew(estate: DirectoryEstate): Promise<Answer['body']> {
  await directed(estate, estate.parent, 'DestroyResourceDirectory');
  return (await directed(estate, estate.parent, 'InitResourceDirectory')).ResourceDirectory;
}

describe('what a process remembers is never answered, only looked at along', () => {
  it.each(Object.keys(changes))('%s', async (name) => {
    const estate = await newDirectoryEstate();
    const { after, ask, before, change } = (await changes[name]?.(estate)) ?? expect.fail(name);
    const others = [estate.anotherProcess(), estate.anotherProcess()] as const;
    // The process that changes it remembers, another does, and a third has never asked.
    for (const process of [estate.deps, estate.deps, others[0]]) expect(await ask(process)).toMatchObject(before);
    await change();
    const readings = [await ask(), await ask(others[0]), await ask(others[1])] as const;
    for (const reading of readings) expect(reading).toMatchObject(after);
    // The same is found by all of them, and remembered again.
    expect(readings.map(({ body }) => body)).toEqual(readings.map(() => readings[0].body));
    const { body, roundTrips } = await ask(others[0]);
    expect(body).toEqual(readings[0].body);
    expect(roundTrips).toBe(1);
  });

  it('a row that points elsewhere costs no request that it would not cost a process that remembers nothing', async () => {
    const estate = await newDirectoryEstate();
    const { ask, change } = (await changes['a payment that another takes over']?.(estate)) ?? expect.fail();
    await ask();
    await change();
    const [wrong, none] = [await ask(), await ask(estate.anotherProcess())];
    expect([wrong.requests, none.requests]).toEqual([2, 2]);
  });
});

describe('what one account has read is not read along for another', () => {
  it.each([
    ['GetPayerForAccount', memberUnknown],
    ['ListAccountsForParent', folderUnknown],
  ] as const)('%s', async (action, refusal) => {
    const estate = await newDirectoryEstate();
    const { parent, rootFolderId, sibling } = estate;
    await directed(estate, sibling, 'InitResourceDirectory');
    const { AccountId } = await created(estate, 'Dev', { PayerAccountId: parent.uid });
    const params = action === 'GetPayerForAccount' ? { AccountId } : { ParentFolderId: rootFolderId };
    const [own, foreign] = [asking(estate, parent, action, params), asking(estate, sibling, action, params)];
    const unread = await foreign();
    for (const _ of 'twice.') await own();
    const { body, readUnits, requests } = await foreign();
    expect(body).toMatchObject({ Code: refusal.body.Code });
    expect([readUnits, requests]).toEqual([unread.readUnits, unread.requests]);
  });
});

/** A process that reads the last of several rows first, and has something happen before it reads the others. */
function tornIn({ deps }: DirectoryEstate, between: () => Promise<unknown>): { process: Deps; tear(): void } {
  let isTorn = false;
  const getMany: Table['getMany'] = async (keys) => {
    if (!isTorn) return deps.table.getMany(keys);
    isTorn = false;
    const last = await deps.table.getMany(keys.slice(3));
    await between();
    return [...(await deps.table.getMany(keys.slice(0, 3))), ...last];
  };
  const process = depsOver({ ...deps.table, getMany }, masterKey, deps.ports);
  return {
    process,
    tear: () => {
      isTorn = true;
    },
  };
}

describe('rows of one request are not of one moment, so what is answered was so at one of them', () => {
  it('a payment that is taken over meanwhile is the old one or the new one', async () => {
    const estate = await newDirectoryEstate();
    const { after, ask, before, change } =
      (await changes['a payment that another takes over']?.(estate)) ?? expect.fail();
    const { process, tear } = tornIn(estate, change);
    expect(await ask(process)).toMatchObject(before);
    tear();
    expect(await ask(process)).toMatchObject(after);
  });

  it('a payment that ends meanwhile was still made when it was looked at', async () => {
    const estate = await newDirectoryEstate();
    const { after, ask, before, change } = (await changes['a payment that ends']?.(estate)) ?? expect.fail();
    const { process, tear } = tornIn(estate, change);
    expect(await ask(process)).toMatchObject(before);
    tear();
    expect(await ask(process)).toMatchObject(before);
    expect(await ask(process)).toMatchObject(after);
  });

  it('nobody is shown a directory of before it became a member of the next one', async () => {
    const estate = await newDirectoryEstate();
    const { parent, sibling } = estate;
    const { HandshakeId } = await invited(estate);
    await handled(estate, sibling, 'Accept', HandshakeId);
    const ask = asking(estate, sibling, 'GetResourceDirectory');
    const { process, tear } = tornIn(estate, async () => {
      await directed(estate, parent, 'RemoveCloudAccount', { AccountId: sibling.uid });
      await madeAnew(estate);
      const next = await invited(estate);
      await handled(estate, sibling, 'Accept', next.HandshakeId);
    });
    expect(await ask(process)).toMatchObject({
      body: { ResourceDirectory: { ResourceDirectoryId: estate.directoryId } },
    });
    tear();
    expect(await ask(process)).toMatchObject({ status: 404, body: { Code: 'ResourceDirectoryNotInUse' } });
    const { body } = await ask(process);
    expect(body.ResourceDirectory.ResourceDirectoryId).not.toBe(estate.directoryId);
  });
});

it('an invitee that is not registered any more has no invitations', async () => {
  const estate = await newDirectoryEstate();
  const invitee = await registered(estate);
  await invited({ ...estate, sibling: invitee });
  const ask = asking(estate, invitee, 'ListHandshakesForAccount');
  expect([await ask(), await ask()]).toMatchObject([{ body: { TotalCount: 1 } }, { body: { TotalCount: 1 } }]);
});
