import type { Directory } from '#lib/domain/directory/directory.ts';
import { findItemKind } from '#lib/domain/governance/catalogue.ts';
import { ITEM_VERSION } from '#lib/domain/governance/itemKind.ts';
import {
  defaultSecurityPreference,
  ramSecurityPreference,
} from '#lib/domain/governance/items/ramSecurityPreference.ts';
import { defaultPasswordPolicy, ramUserPasswordPolicy } from '#lib/domain/governance/items/ramUserPasswordPolicy.ts';
import { Refusal } from '#lib/errors.ts';

declare module '#lib/errors.ts' {
  interface Reasons {
    ItemUnknown: { name: string };
    BaselineUnknown: Record<never, never>;
    /** An account is enrolled under the baseline. */
    BaselineInUse: Record<never, never>;
    /** Each directory has its system baseline for good. */
    BaselineIsSystem: Record<never, never>;
  }
}

/** An item as a baseline has it. Its configuration is kept byte for byte. */
export interface BaselineItem {
  readonly name: string;
  readonly version: string;
  readonly config?: string | undefined;
}

/** A list of items by which accounts are configured. Times are epoch ms. */
export interface Baseline {
  readonly id: string;
  /** Counts its changes; 0 for a system baseline that was never updated, which is no row. */
  readonly version: number;
  readonly type: 'system' | 'custom';
  readonly directoryId: string;
  readonly name: string;
  readonly description: string;
  readonly items: readonly BaselineItem[];
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** What an update may change. */
export type BaselineContent = Pick<Baseline, 'name' | 'description' | 'items'>;

/** What the system baseline of every directory has until it is updated: the settings that an account has anyway. */
const systemItems: readonly BaselineItem[] = [
  { name: ramUserPasswordPolicy.name, version: ITEM_VERSION, config: defaultPasswordPolicy },
  { name: ramSecurityPreference.name, version: ITEM_VERSION, config: defaultSecurityPreference },
];

/** The system baseline of a directory, as it is until it is updated. */
export function systemBaselineOf({ createdAtMs, id: directoryId }: Pick<Directory, 'createdAtMs' | 'id'>): Baseline {
  return {
    id: baselineId(createdAtMs, digitsOf(directoryId)),
    version: 0,
    type: 'system',
    directoryId,
    name: 'Default',
    description: 'Default baseline',
    items: systemItems,
    createdAtMs,
    updatedAtMs: createdAtMs,
  };
}

/** A new baseline. `drawn` are 9 letters and digits. */
export function newBaseline(directoryId: string, content: BaselineContent, drawn: string, nowMs: number): Baseline {
  const times = { createdAtMs: nowMs, updatedAtMs: nowMs };
  return { id: baselineId(nowMs, drawn), version: 1, type: 'custom', directoryId, ...content, ...times };
}

/** Throws `ItemUnknown`, and `ParameterInvalid` for a configuration that is not of its item's schema or an item that is there twice. */
export function refuseUnknown(items: readonly BaselineItem[]): void {
  for (const [index, { config, name, version }] of items.entries()) {
    const kind = findItemKind(name, version);
    if (kind === undefined) throw new Refusal('ItemUnknown', { name });
    if (config !== undefined && !kind.accepts(config)) throw invalid('Config');
    if (items.findIndex((other) => other.name === name) !== index) throw invalid('BaselineItems');
  }
}

function invalid(parameter: string): Refusal {
  return new Refusal('ParameterInvalid', { parameter, fault: 'value' });
}

/** Its first part grows with time, so that ids sort in the order in which baselines were made (docs/vendors/alibaba-governance.md 2.5). */
function baselineId(createdAtMs: number, last: string): string {
  return `afb-bp1${createdAtMs.toString(36).padStart(8, '0')}${last.toLowerCase()}`;
}

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The letters and digits of a directory's id, in both cases, as nine of one case. */
function digitsOf(directoryId: string): string {
  const digits = directoryId.slice('rd-'.length).split('');
  const value = digits.reduce((sum, digit) => sum * alphabet.length + alphabet.indexOf(digit), 0);
  return value.toString(36).padStart(9, '0');
}
