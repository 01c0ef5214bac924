import type { Deployed } from '#infra/deployed.ts';

/** What a function reaches of the table: items by the first word of their key, indexes by name. */
export interface Reach {
  /** Read by key. */
  readonly reads: readonly string[];
  /** Put or updated. */
  readonly writes: readonly string[];
  /** Held against a condition in a transaction that writes others. */
  readonly checks: readonly string[];
  readonly indexes: readonly string[];
}

const nothing: Reach = { reads: [], writes: [], checks: [], indexes: [] };
const parties = ['ACCOUNT', 'RELATION'];
const ledger: Reach = { reads: parties, writes: parties, checks: parties, indexes: [] };
const both = ['gsi1', 'gsi2'];

/** By product, or by function where it differs. Of what an operation that only reads might write, nothing is granted. */
const reaches: Readonly<Record<string, Reach>> = {
  bss: ledger,
  'bss/QueryRelationList': { ...ledger, indexes: both },
  billing: ledger,
  'billing/ListFinancialRelation': { ...ledger, indexes: both },
  operator: { ...nothing, reads: parties },
  'operator/AllocateCredit': { ...nothing, reads: parties, writes: parties },
  'operator/IssueAccessKey': { ...nothing, checks: ['ACCOUNT'], writes: ['KEY'] },
  'operator/ListEvents': { ...nothing, reads: ['RELATION'], indexes: both },
  'operator/ListRegisteredAccounts': { ...nothing, indexes: ['gsi1'] },
  'operator/PutAccountStanding': { ...nothing, checks: ['ACCOUNT'], writes: ['ACCOUNT'] },
  'operator/RegisterAccount': { ...nothing, writes: ['ACCOUNT', 'EMAIL'] },
  'operator/RevokeAccessKey': { ...nothing, writes: ['KEY'] },
  'workers/expireInvitations': { ...nothing, writes: ['RELATION'], indexes: ['due'] },
  'workers/publishEvents': { ...nothing, reads: ['RELATION'], writes: ['RELATION'] },
};

/** What every call reads: the key it was signed with. */
const call: Reach = { ...nothing, reads: ['KEY'] };
/** What every mutation adds: its nonce, or its answer for whoever asks again. */
const mutation: Reach = { reads: ['TOKEN'], writes: ['NONCE', 'TOKEN'], checks: [], indexes: [] };

/** What a function reaches; the rpc door all that any operation does. */
export function reachOf(deployed: Deployed, all: readonly Deployed[]): Reach {
  const { name, trigger } = deployed;
  if (trigger.kind === 'door') {
    return all
      .filter((other) => other.trigger.kind === 'operation')
      .map((other) => reachOf(other, all))
      .reduce(together);
  }
  const declared = reaches[name] ?? reaches[name.split('/')[0] ?? ''];
  if (declared === undefined) throw new Error(`infra/reach.ts does not say what ${name} reaches of the table`);
  if (trigger.kind !== 'operation') return declared;
  return trigger.operation.effect === 'write'
    ? tried([call, mutation, declared].reduce(together))
    : together(call, { ...declared, writes: [], checks: [] });
}

/** A dry run holds what would be written against its conditions. */
function tried(reach: Reach): Reach {
  return together(reach, { ...nothing, checks: reach.writes });
}

function together(one: Reach, other: Reach): Reach {
  const union = (which: keyof Reach) => [...new Set([...one[which], ...other[which]])].sort();
  return { reads: union('reads'), writes: union('writes'), checks: union('checks'), indexes: union('indexes') };
}
