import type { Deployed } from '#infra/deployed.ts';

/** What is done to items of the table itself, as IAM names it. Nothing deletes, and nothing scans. */
export const itemActions = ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'ConditionCheckItem'] as const;
/** The indexes, each of which can only be queried. */
export const indexNames = ['gsi1', 'gsi2', 'due'] as const;

type Way = (typeof itemActions)[number] | (typeof indexNames)[number];

/** What a function reaches of the table: by each way the keys it may name there, by their beginnings. */
export type Reach = Readonly<Partial<Record<Way, readonly Word[]>>>;

/** How a partition key begins, of the table or of an index; the registry has but one. */
type Word = keyof typeof patterns;

const patterns = {
  ACCOUNT: 'ACCOUNT#*',
  ACCOUNTS: 'ACCOUNTS',
  CHILD: 'CHILD#*',
  DUE: 'DUE#*',
  EMAIL: 'EMAIL#*',
  EVENTS: 'EVENTS#*',
  KEY: 'KEY#*',
  NONCE: 'NONCE#*',
  PARENT: 'PARENT#*',
  RELATION: 'RELATION#*',
  TOKEN: 'TOKEN#*',
} as const;

/** Looks up a relation by its id, or by its parties. */
const byId: Reach = { GetItem: ['RELATION'] };
const byParties: Reach = { BatchGetItem: ['ACCOUNT'] };
/** Lists what an account has as parent and as child. */
const listing: Reach = { GetItem: ['ACCOUNT'], gsi1: ['PARENT'], gsi2: ['CHILD'] };
/** Moves a relation and records it. */
const transition: Reach = { PutItem: ['RELATION'], UpdateItem: ['RELATION'] };
/** Moves it, and money or tallies of its parties with it. */
const settlement: Reach = { PutItem: ['RELATION'], UpdateItem: ['ACCOUNT', 'RELATION'] };
const ending: Reach = { ...settlement, ConditionCheckItem: ['ACCOUNT'] };
/** Takes the child's slot as well. */
const acceptance: Reach = settlement;
/** Opens a relation: its row, the child's slot, the parent's tally, and what is left to record of the relation before. */
const opening: Reach = {
  BatchGetItem: ['ACCOUNT'],
  PutItem: ['RELATION'],
  UpdateItem: ['ACCOUNT', 'RELATION'],
  ConditionCheckItem: ['ACCOUNT', 'RELATION'],
};

/** Beside what every call reaches, and every mutation. A test holds each against what the function does. */
const reaches: Readonly<Record<string, Reach>> = {
  'billing/CancelInvitation': settlement,
  'billing/CleanUpFinancialRelation': { ...byId, ...settlement },
  'billing/CreateFinancialRelation': { ...opening, PutItem: ['ACCOUNT', 'RELATION'] },
  'billing/DeleteFinancialRelation': ending,
  'billing/HandleInvitation': acceptance,
  'billing/ListFinancialRelation': listing,
  'billing/ListInvitation': { gsi2: ['CHILD'] },
  'billing/UpdateAuth': { ...byId, ...settlement },
  'bss/AddAccountRelation': opening,
  'bss/ConfirmRelation': { ...byParties, ...acceptance },
  'bss/GetAccountRelation': byId,
  'bss/ModifyAccountRelation': { ...byParties, ...byId, ...settlement },
  'bss/QueryPermissionList': byId,
  'bss/QueryRelationList': listing,
  'bss/RelieveAccountRelation': { ...byParties, ...ending },
  'operator/AllocateCredit': { ...byParties, GetItem: ['ACCOUNT', 'RELATION'], ...settlement },
  'operator/DescribeAccount': { ...byParties, ...byId },
  'operator/DescribeAccountStanding': byParties,
  'operator/IssueAccessKey': { PutItem: ['KEY'], ConditionCheckItem: ['ACCOUNT'] },
  'operator/ListEvents': { ...byId, Query: ['RELATION'], gsi1: ['EVENTS'], gsi2: ['EVENTS'] },
  'operator/ListRegisteredAccounts': { gsi1: ['ACCOUNTS'] },
  'operator/PutAccountStanding': { GetItem: ['ACCOUNT'], UpdateItem: ['ACCOUNT'], ConditionCheckItem: ['ACCOUNT'] },
  'operator/RegisterAccount': { PutItem: ['ACCOUNT', 'EMAIL'] },
  'operator/RevokeAccessKey': { UpdateItem: ['KEY'] },
  'workers/expireInvitations': { ...transition, due: ['DUE'] },
  'workers/publishEvents': { BatchGetItem: ['RELATION'], UpdateItem: ['ACCOUNT', 'RELATION'] },
};

/** What every call reads: the key it was signed with. */
const call: Reach = { GetItem: ['KEY'] };
/** What every mutation adds: its nonce, and its answer for whoever asks again. */
const mutation: Reach = { GetItem: ['TOKEN'], PutItem: ['NONCE', 'TOKEN'] };

/** What a function reaches; the rpc door all that any operation does. */
export function reachOf(deployed: Deployed, all: readonly Deployed[]): Reach {
  const { name, trigger } = deployed;
  if (trigger.kind === 'door') {
    const operations = all.filter((other) => other.trigger.kind === 'operation');
    return operations.map((other) => reachOf(other, all)).reduce(together);
  }
  const declared = reaches[name];
  if (declared === undefined) throw new Error(`infra/reach.ts does not say what ${name} reaches of the table`);
  if (trigger.kind !== 'operation') return declared;
  if (trigger.operation.effect === 'read') return together(call, declared);
  return withDryRuns([call, mutation, declared].reduce(together));
}

/** The partition keys that begin so, as a pattern of IAM's. */
export function patternOf(word: Word): string {
  return patterns[word];
}

/** A dry run holds against its condition whatever the call in earnest would write. */
function withDryRuns(reach: Reach): Reach {
  return [
    reach,
    { ConditionCheckItem: reach.PutItem ?? [] },
    { ConditionCheckItem: reach.UpdateItem ?? [] },
  ].reduce<Reach>(together, {});
}

function together(one: Reach, other: Reach): Reach {
  const both: Partial<Record<Way, readonly Word[]>> = { ...one };
  for (const way of [...itemActions, ...indexNames]) {
    const words = new Set([...(one[way] ?? []), ...(other[way] ?? [])]);
    if (words.size > 0) both[way] = [...words].sort();
  }
  return both;
}
