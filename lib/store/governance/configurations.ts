import * as v from 'valibot';
import type { Call } from '#lib/call.ts';
import type { EnrolledItem } from '#lib/domain/governance/effective.ts';
import type { Applied, Configuration } from '#lib/domain/governance/itemKind.ts';
import { claimKey, configurationKey } from '#lib/store/keys.ts';
import type { Write, WriteItem } from '#lib/table/commit.ts';
import { anyOf, equal } from '#lib/table/expressions.ts';
import { absent, neverRefused, put, remove } from '#lib/table/items.ts';
import { rowKind } from '#lib/table/rowKind.ts';

/** What an item has left on an account, as JSON, and the names that the account has by it and no other may have. */
export const configurationRow = rowKind({
  type: 'configuration',
  shape: v.object({
    uid: v.number(),
    item: v.string(),
    version: v.string(),
    after: v.string(),
    claims: v.array(v.string()),
    appliedAtMs: v.number(),
  }),
});

export type ItemConfiguration = v.InferOutput<typeof configurationRow.shape>;

/** Which account has a name that an item lets no other have. */
export const claimRow = rowKind({ type: 'claim', shape: v.object({ uid: v.number() }) });

/** What all items have left on an account, as items know it. */
export function configurationOf(configurations: readonly ItemConfiguration[]): Configuration {
  return Object.fromEntries(configurations.map(({ after, item }) => [item, JSON.parse(after)]));
}

/**
 * Writes what an item leaves on an account. Only names that the row has noted are the account's: what was applied elsewhere has none here.
 * `refused` says what becomes of a name that another account has.
 */
export function putConfiguration(
  uid: number,
  { name: item, version }: Pick<EnrolledItem, 'name' | 'version'>,
  applied: Applied,
  before: ItemConfiguration | undefined,
  { nowMs }: Call,
  refused: WriteItem['refused'],
): Write {
  const { claims } = applied;
  const held = before?.claims ?? [];
  const claimed = claims.filter((name) => !held.includes(name));
  const released = held.filter((name) => !claims.includes(name));
  const after = JSON.stringify(applied.after);
  const row = configurationRow.row(configurationKey(uid, item), {
    uid,
    item,
    version,
    after,
    claims,
    appliedAtMs: nowMs,
  });
  return [
    ...claimed.map((name) => put(claimRow.row(claimKey(item, name), { uid }), isFreeFor(uid), refused)),
    ...released.map((name) => releaseClaim(uid, item, name)),
    put(row, [], neverRefused),
  ];
}

/** Deletes what an item has left on an account, which gives up its names. */
export function removeConfiguration({ claims, item, uid }: ItemConfiguration): Write {
  return [
    ...claims.map((name) => releaseClaim(uid, item, name)),
    remove(configurationKey(uid, item), [], neverRefused),
  ];
}

function releaseClaim(uid: number, item: string, name: string): WriteItem {
  return remove(claimKey(item, name), isFreeFor(uid), neverRefused);
}

function isFreeFor(uid: number) {
  return [anyOf([absent, ...equal({ uid }, 'own')])];
}
