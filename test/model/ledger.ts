import type { Transition } from '#lib/domain/machine.ts';
import {
  INVITATION_TTL_MS,
  phaseOf,
  type RelationEvent,
  type RelationStatus,
  relationMachine,
} from '#lib/domain/relation/relation.ts';
import { SENDING_MS } from '#lib/table/requests.ts';

/** The reference model: relations as the state table alone would have them, in memory. Times are epoch ms. */
export interface Ledger {
  nowMs: number;
  readonly legalNames: readonly string[];
  /** In the order they were added. */
  readonly entries: Entry[];
}

/** One relation. Accounts are positions in `legalNames`; permissions are request codes, sorted. */
export interface Entry {
  readonly id: number;
  readonly parent: number;
  readonly child: number;
  readonly policy: 'management' | 'trusteeship';
  nick: string;
  status: RelationStatus;
  granted: readonly string[];
  offered: readonly string[];
  deadlineMs: number;
  sinceMs: number | undefined;
  changedAtMs: number;
}

/** What a caller says of the relation beside its id. */
export interface Named {
  readonly parent?: number;
  readonly child?: number;
}

const events = Object.keys(relationMachine.transitions).filter(
  (key): key is RelationEvent => key in relationMachine.transitions,
);

export function transitionOf(event: RelationEvent): Transition<RelationStatus> {
  return relationMachine.transitions[event];
}

/** The events an operation may fire: those of one party that lead to the same kind of place. */
export const eventsOf = {
  agree: events.filter((event) => transitionOf(event).guard === 'permissionsAsOffered'),
  disagree: events.filter((event) => event.startsWith('decline')),
  withdraw: events.filter((event) => event.startsWith('withdraw')),
  modify: events.filter((event) => event === 'change' || event === 'proposeChange'),
  relieve: events.filter((event) => transitionOf(event).to === 'ended'),
};

/** The relation's status now: a deadline that has passed has made of it what the table says. */
export function standing(ledger: Ledger, entry: Entry): RelationStatus {
  const due = relationMachine.lapses[entry.status];
  return due !== undefined && ledger.nowMs >= entry.deadlineMs ? transitionOf(due).to : entry.status;
}

export function isLive(ledger: Ledger, entry: Entry): boolean {
  return phaseOf(standing(ledger, entry)) !== 'past';
}

/** Whether a relation in effect has taken the child's slot. */
function isBound(ledger: Ledger, child: number): boolean {
  return ledger.entries.some((entry) => entry.child === child && phaseOf(standing(ledger, entry)) === 'inEffect');
}

export function haveSameName({ legalNames }: Ledger, one: number, other: number): boolean {
  return legalNames[one] !== '' && legalNames[one] === legalNames[other];
}

/** What a request to add a relation comes to: a reason to refuse it, or the event it begins with. */
export function decideBeginning(
  ledger: Ledger,
  {
    actor,
    parent,
    child,
    policy,
    codes,
  }: Pick<Entry, 'parent' | 'child' | 'policy'> & { actor: number; codes: number },
): { refused: string } | { event: RelationEvent } {
  const live = ledger.entries.filter((entry) => isLive(ledger, entry));
  const trusts = live.filter((entry) => entry.policy === 'trusteeship');
  const isSame = haveSameName(ledger, parent, child);
  const isTrust = policy === 'trusteeship';
  if (!isTrust && codes === 0) return { refused: 'AlternativesMissing' };
  if (actor !== parent) return { refused: 'CallerNotParent' };
  if (child >= ledger.legalNames.length) return { refused: 'AccountUnknown' };
  if (parent === child) return { refused: 'SelfRelation' };
  if (isTrust && !isSame) return { refused: 'LegalNamesDiffer' };
  if (live.some((entry) => entry.child === child && entry.parent === parent)) return { refused: 'ChildAlreadyRelated' };
  if (isBound(ledger, child)) return { refused: 'ChildAlreadyRelated' };
  if (isTrust && trusts.some((entry) => entry.child === parent)) return { refused: 'ParentInTrusteeship' };
  if (isTrust && trusts.some((entry) => entry.parent === child)) return { refused: 'ChildHoldsTrusteeships' };
  return { event: isSame ? 'establish' : 'invite' };
}

/** What one of several events, asked for by an account, comes to: a reason to refuse it, or the event that is due. */
export function decide(
  ledger: Ledger,
  entry: Entry | undefined,
  asked: { actor: number; events: readonly RelationEvent[]; named: Named; codes?: readonly string[] },
): { refused: string } | { event: RelationEvent } {
  const { actor, events, named, codes = [] } = asked;
  if (entry === undefined || (actor !== entry.parent && actor !== entry.child)) return { refused: 'RelationUnknown' };
  for (const { by } of events.map(transitionOf)) {
    if (by === 'parent' && actor !== entry.parent) return { refused: 'CallerNotParent' };
    if (by === 'child' && actor !== entry.child) return { refused: 'CallerNotChild' };
  }
  const { parent = entry.parent, child = entry.child } = named;
  if (parent !== entry.parent || child !== entry.child) return { refused: 'RelationOtherwise' };
  const status = standing(ledger, entry);
  const event = events.find((candidate) => transitionOf(candidate).from === status);
  // Nobody answers in the last instant: the answer could be carried out after the deadline.
  const late = standing({ ...ledger, nowMs: ledger.nowMs + SENDING_MS }, entry);
  if (event === undefined) return { refused: refusalIn(status) };
  if (late !== status) return { refused: refusalIn(late) };
  if (transitionOf(event).guard && String(codes) !== String(entry.offered)) return { refused: 'PermissionsDiffer' };
  if (event === 'accept' && isBound(ledger, entry.child)) return { refused: 'ChildAlreadyRelated' };
  return { event };
}

function refusalIn(status: RelationStatus): string {
  return `Relation${status.charAt(0).toUpperCase()}${status.slice(1)}`;
}

/** Moves the relation as the table says. What was offered is settled by any event, and granted by the child's consent. */
export function fire(
  ledger: Ledger,
  entry: Entry,
  event: RelationEvent,
  effects: { grant?: readonly string[]; offer?: readonly string[]; nick?: string | undefined } = {},
): void {
  const { to, guard } = transitionOf(event);
  const granted = guard ? entry.offered : effects.grant;
  entry.status = to;
  entry.granted = granted ?? entry.granted;
  entry.offered = effects.offer ?? [];
  entry.deadlineMs = ledger.nowMs + INVITATION_TTL_MS;
  entry.sinceMs ??= phaseOf(to) === 'inEffect' ? ledger.nowMs : undefined;
  entry.nick = effects.nick ?? entry.nick;
  entry.changedAtMs = ledger.nowMs;
}

/** When the relation last changed: when it was written, or when its deadline passed if that changed it since. */
export function changedAtMs(ledger: Ledger, entry: Entry): number {
  return standing(ledger, entry) === entry.status ? entry.changedAtMs : entry.deadlineMs;
}
