import { setImmediate } from 'node:timers/promises';
import * as v from 'valibot';
import type { Call } from '#lib/call.ts';
import type { Directory } from '#lib/domain/directory/directory.ts';
import { type Reason, Refusal } from '#lib/errors.ts';
import type { OperationApp } from '#lib/operation.ts';
import { amendDirectory } from '#lib/store/directory/directories.ts';
import { commit, Stale, type Write } from '#lib/table/commit.ts';
import type { Estate, Params, Signer } from '#test/support/estate.ts';

/** What became of a call: it was done, or why it was refused. */
export type Outcome = 'done' | Reason;

/** A call that runs beside others. */
export type Racer = () => Promise<Outcome>;

/**
 * An operation as its pipeline runs it, without the wire and without a guard against repetition: that is cheap enough for a thousand
 * rounds.
 */
export function racer({ deps, nowMs }: Estate, { operation }: OperationApp, by: Signer, input: Params): Racer {
  const { ids } = deps.ports;
  const call: Call & { readonly uid: number } = {
    requestId: ids.uuid(),
    action: operation.action,
    caller: { kind: 'account', isRoot: false, ...by },
    uid: by.uid,
    newEventId: () => ids.eventId(nowMs()),
    nowMs: nowMs(),
    now: nowMs,
    sourceIp: '203.0.113.7',
  };
  return async () => {
    for (;;) {
      try {
        const { write } = written(
          await operation.run({
            input: v.parse(operation.input, input),
            version: operation.product.version,
            call,
            deps,
          }),
        );
        await commit(deps.table, write);
        return 'done';
      } catch (error) {
        if (error instanceof Refusal) return error.reason;
        if (!(error instanceof Stale)) throw error;
      }
    }
  };
}

/** A write of the store by itself. */
export function writer({ deps }: Estate, write: Write): Racer {
  return async () => {
    try {
      await commit(deps.table, write);
      return 'done';
    } catch (error) {
      if (error instanceof Refusal) return error.reason;
      throw error;
    }
  };
}

/** Starts all racers at once, or one a little after the other: in another way each round. */
export function race(round: number, racers: readonly Racer[]): Promise<Outcome[]> {
  const first = round % racers.length;
  const lag = Math.floor(round / racers.length) % 4;
  return Promise.all(
    racers.map(async (start, index) => {
      for (let turn = 0; turn < (index === first ? 0 : lag * 2); turn++) await setImmediate();
      return start();
    }),
  );
}

/** Fills a directory with folders in its root folder, so that it has room for `room` more. */
export async function crowd({ deps }: Estate, directory: Directory, room: number): Promise<void> {
  const { folderQuota, folders, rootFolderId: parentId } = directory;
  const fillers = Array.from({ length: folderQuota - room }, (_, index) => [
    `fd-${1_000_000_000 + index}`,
    { name: `Filler${index}`, parentId, createdAtMs: 0 },
  ]);
  await commit(deps.table, [amendDirectory(directory, { folders: { ...folders, ...Object.fromEntries(fillers) } })]);
}

/** A mutation answers a write, by its type; its erased type does not say so. */
function written(answered: object): { readonly write: Write } {
  return answered as { readonly write: Write };
}
