import type { Operation } from '#lib/pipeline/declaration.ts';
import { cancelling, create, manage, manageChanging, naming } from '#test/billing/calls.ts';
import { add, confirm, type Parties, relate, tracing, tripleOf, WAIT_MS } from '#test/bss/parties.ts';
import { type Example, examples } from '#test/support/everyOperation.ts';

/** Brings an estate to where the call it answers with goes another way than the operation's example. */
export type Path = (estate: Parties) => Promise<Example>;

const codes = ['CHECK_FINANCE_INFO'];
const offered = { PermissionCodes: codes };

/** Two more invitations of the same child: one after a withdrawal, one that finds the first overdue. */
const reopenings = (action: 'AddAccountRelation' | 'CreateFinancialRelation'): Path[] => [
  async (estate) => {
    const id = await add(estate, estate.parent, estate.child, offered);
    await confirm(estate, estate.parent, id, 'parent_cancel', codes);
    return exampleOf(action, estate);
  },
  async (estate) => {
    await add(estate, estate.parent, estate.child, offered);
    estate.advance(WAIT_MS);
    return exampleOf(action, estate);
  },
];

/** More members than are looked at before the tally is. */
async function manyMembers(estate: Parties): Promise<void> {
  const siblings = Object.fromEntries(Array.from({ length: 33 }, (_, nth) => [`member${nth}`, 'Acme']));
  const members = Object.values(await estate.accounts(siblings));
  await Promise.all(members.map((member) => add(estate, estate.parent, member, offered)));
}

/** A trusteeship, which is ended under guards of its own. */
async function entrusted(estate: Parties): Promise<number> {
  return add(estate, estate.parent, estate.sibling, { RoleCodes: ['trusteeship'] });
}

/** A management that lends credit, which its end gives back. */
async function lending(estate: Parties): Promise<number> {
  const { by, params } = await exampleOf('AllocateCredit', estate);
  await estate.call(by, 'AllocateCredit', params);
  const { body } = await estate.call(estate.operator, 'DescribeAccount', { Uid: estate.sibling.uid });
  return body.Relation.RelationId;
}

const further: Readonly<Record<string, readonly Path[]>> = {
  AddAccountRelation: [
    ...reopenings('AddAccountRelation'),
    async ({ parent, sibling }) => ({
      by: parent,
      params: { ...tracing, ...tripleOf(parent, sibling), RoleCodes: ['trusteeship'] },
    }),
  ],
  CancelInvitation: [
    async (estate) => ({ by: estate.parent, params: plain(cancelling(await manageChanging(estate))) }),
  ],
  CleanUpFinancialRelation: [
    async (estate) => {
      const relation = await create(estate, estate.parent, estate.child);
      estate.advance(WAIT_MS);
      return { by: estate.parent, params: plain(naming(relation)) };
    },
  ],
  ConfirmRelation: [
    async (estate) => {
      await add(estate, estate.parent, estate.child, offered);
      const named = { ...tracing, ...tripleOf(estate.parent, estate.child), ...offered };
      return { by: estate.child, params: { ...named, ConfirmCode: 'child_agree' } };
    },
  ],
  CreateFinancialRelation: [
    ...reopenings('CreateFinancialRelation'),
    async ({ parent, sibling }) => ({ by: parent, params: { SubAccountID: sibling.uid, Relation: 1 } }),
  ],
  DeleteFinancialRelation: [entrusted, lending].map(
    (opened): Path =>
      async (estate) => {
        const RelationID = `rel${await opened(estate)}`;
        const Relation = opened === entrusted ? 1 : 4;
        return { by: estate.parent, params: { RelationID, SubAccountID: estate.sibling.uid, Relation } };
      },
  ),
  DescribeAccount: [
    async (estate) => {
      await relate(estate, estate.parent, estate.child, codes);
      return { by: estate.operator, params: { Uid: estate.child.uid } };
    },
  ],
  ListEvents: [
    async ({ child }) => ({ by: child, params: { Uid: child.uid } }),
    async (estate) => ({
      by: estate.operator,
      params: { RelationId: await add(estate, estate.parent, estate.child, offered) },
    }),
  ],
  ListFinancialRelation: [
    async (estate) => {
      await manyMembers(estate);
      return { by: estate.parent, params: {} };
    },
    async (estate) => {
      await manage(estate);
      return { by: estate.parent, params: {} };
    },
    async (estate) => {
      await manage(estate);
      return { by: estate.child, params: { AccountIDSearchList: [estate.parent.uid] } };
    },
  ],
  ModifyAccountRelation: [
    async (estate) => {
      await relate(estate, estate.parent, estate.child, codes);
      const named = { ...tracing, ...tripleOf(estate.parent, estate.child) };
      const change = { RelationOperation: 'ADD', PermissionCodes: ['MANAGE_TARGET_INVOICE'] };
      return { by: estate.parent, params: { ...named, ...change } };
    },
  ],
  QueryRelationList: [
    async (estate) => {
      await manyMembers(estate);
      return { by: estate.parent, params: { UserId: estate.parent.uid } };
    },
  ],
  RegisterAccount: [
    async ({ operator }) => ({
      by: operator,
      params: { Name: 'new@test', LegalName: 'New', Email: 'new@example.com' },
    }),
  ],
  RelieveAccountRelation: [
    async (estate) => ({ by: estate.parent, params: { ...tracing, RelationId: await entrusted(estate) } }),
    async (estate) => ({ by: estate.parent, params: { ...tracing, RelationId: await lending(estate) } }),
    async (estate) => {
      await add(estate, estate.parent, estate.sibling, offered);
      return { by: estate.parent, params: { ...tracing, ...tripleOf(estate.parent, estate.sibling) } };
    },
  ],
};

/** Calls of an operation that, between them, go every way it has: its example first. */
export function pathsOf({ action }: Operation): Path[] {
  return [(estate) => exampleOf(action, estate), ...(further[action] ?? [])];
}

async function exampleOf(action: string, estate: Parties): Promise<Example> {
  const example = await examples[action]?.(estate);
  if (example === undefined) throw new Error(`${action} has no example in test/support/everyOperation.ts`);
  return example;
}

function plain(body: object): Example['params'] {
  return Object.fromEntries(Object.entries(body));
}
