import { describe, expect, it } from 'vitest';
import { Refusal } from '#lib/errors.ts';
import { commit, type Write, type WriteItem } from '#lib/table/commit.ts';
import type { Action, Cancellation, Row, Table } from '#lib/table/table.ts';

type Outcome = readonly Cancellation[] | undefined;

const innocent: Cancellation = { code: 'None', message: '', old: undefined };
const conflict: Cancellation = { code: 'TransactionConflict', message: '', old: undefined };
const failed = (old?: Row): Cancellation => ({ code: 'ConditionalCheckFailed', message: '', old });

const TIME_MS = 2000;
const ROUND_TRIP_MS = 4;

/**
 * A table that gives these answers to transactions in turn, the last one again and again. Nothing takes time, but
 * `remainingMs` counts down as if each round trip and each pause in full did.
 */
function tableAnswering(...outcomes: readonly Outcome[]) {
  const sent: (readonly Action[])[] = [];
  const upTo: number[] = [];
  const paused = () => upTo.reduce((total, upToMs) => total + upToMs, 0);
  const remainingMs = () => TIME_MS - sent.length * ROUND_TRIP_MS - paused();
  const unexpected = () => {
    throw new Error('a commit only transacts');
  };
  const table: Table = {
    get: unexpected,
    getMany: unexpected,
    getTogether: unexpected,
    query: unexpected,
    page: unexpected,
    countPage: unexpected,
    pause: async (upToMs) => void upTo.push(upToMs),
    async transact(actions) {
      sent.push(actions);
      const outcome = outcomes[Math.min(sent.length, outcomes.length) - 1];
      return outcome && [...outcome];
    },
  };
  return { table, sent, upTo, remainingMs };
}

function item(name: string, refused: WriteItem['refused'] = () => new Error(`${name} was refused`)): WriteItem {
  return { action: { Put: { Item: { pk: name, sk: name } } }, refused };
}

const write: Write = [item('first'), item('second'), item('third')];

describe('a commit', () => {
  it('is one transaction of all its items, and no pause', async () => {
    const { table, sent, upTo } = tableAnswering(undefined);
    await commit(table, write);
    expect(sent).toEqual([write.map(({ action }) => action)]);
    expect(upTo).toEqual([]);
  });

  it('of nothing asks the table nothing', async () => {
    const { table, sent } = tableAnswering(undefined);
    await commit(table, []);
    expect(sent).toEqual([]);
  });

  it('is decided by the first item whose condition failed', async () => {
    const { table } = tableAnswering([innocent, failed(), failed()]);
    await expect(commit(table, write)).rejects.toThrow('second was refused');
  });

  it('is decided by a failed condition even if an item after it met a conflict', async () => {
    const { table, sent } = tableAnswering([innocent, failed(), conflict]);
    await expect(commit(table, write)).rejects.toThrow('second was refused');
    expect(sent).toHaveLength(1);
  });

  it('is not decided by what comes after an item in conflict, whose own condition nobody knows yet', async () => {
    const { table, sent, upTo } = tableAnswering([conflict, innocent, failed()], [failed(), innocent, failed()]);
    await expect(commit(table, write)).rejects.toThrow('first was refused');
    expect({ sent: sent.length, pauses: upTo.length }).toEqual({ sent: 2, pauses: 1 });
  });

  it('tells the deciding item what was there', async () => {
    const old: Row = { pk: 'second', sk: 'second', status: 'ended' };
    const { table } = tableAnswering([failed({ pk: 'x', sk: 'x' }), innocent]);
    const { table: other } = tableAnswering([innocent, failed(old)]);
    const told: (Row | undefined)[] = [];
    const tell = (row: Row | undefined) => {
      told.push(row);
      return new Refusal('RelationEnded', {});
    };
    const pair = [item('first', tell), item('second', tell)];
    await expect(commit(table, pair)).rejects.toThrow('RelationEnded');
    await expect(commit(other, pair)).rejects.toThrow('RelationEnded');
    expect(told).toEqual([{ pk: 'x', sk: 'x' }, old]);
  });

  it('tries at once the other write a refused item gives', async () => {
    const { table, sent, upTo } = tableAnswering([failed()], undefined);
    const other = item('other');
    await commit(table, [item('first', () => [other])]);
    expect(sent).toEqual([[item('first').action], [other.action]]);
    expect(upTo).toEqual([]);
  });

  it('puts what goes around it around whichever write it comes to, nothing too', async () => {
    const [before, other] = [item('before'), item('other')];
    const around = (inner: Write) => [before, ...inner];
    const { table, sent } = tableAnswering([innocent, failed()], undefined);
    await commit(table, [item('first', () => [other])], { around });
    expect(sent.at(-1)).toEqual([before.action, other.action]);
    const { table: used } = tableAnswering([failed(), failed()]);
    await expect(commit(used, write, { around })).rejects.toThrow('before was refused');
    const { table: none, sent: last } = tableAnswering([innocent, failed()], undefined);
    await commit(none, [item('first', () => [])], { around });
    expect(last.at(-1)).toEqual([before.action]);
  });

  it('is done when the other write a refused item gives is nothing', async () => {
    const { table, sent } = tableAnswering([failed()]);
    await commit(table, [item('first', () => [])]);
    expect(sent).toHaveLength(1);
  });

  it('that met a conflict is sent again, after pauses that may grow but stay short', async () => {
    const { table, sent, upTo } = tableAnswering(
      [conflict, innocent],
      [innocent, conflict],
      [conflict, conflict],
      undefined,
    );
    await commit(table, write.slice(0, 2));
    expect(sent).toHaveLength(4);
    expect(new Set(sent.map((actions) => JSON.stringify(actions))).size).toBe(1);
    expect(upTo).toHaveLength(3);
    expect(upTo).toEqual(upTo.toSorted((one, other) => one - other));
    for (const upToMs of upTo) expect(upToMs > 0 && upToMs <= 250).toBe(true);
  });

  it('is refused as Busy, never with a conflict, when conflicts do not end before its time is up', async () => {
    const { table, sent, upTo, remainingMs } = tableAnswering([conflict]);
    await expect(commit(table, [item('first')], { remainingMs })).rejects.toThrow(new Refusal('Busy', {}));
    expect(sent.length).toBeGreaterThan(5);
    expect(upTo.length).toBeLessThanOrEqual(sent.length);
    // The last pause may begin just before the time is up.
    expect(remainingMs()).toBeGreaterThan(-Math.max(...upTo) - ROUND_TRIP_MS);
  });

  it('is refused as Busy when one write after another is refused for yet another until its time is up', async () => {
    const { table, sent, remainingMs } = tableAnswering([failed()]);
    const again = (): Write => [item('again', again)];
    await expect(commit(table, again(), { remainingMs })).rejects.toThrow(new Refusal('Busy', {}));
    expect(sent).toHaveLength(TIME_MS / ROUND_TRIP_MS);
  });

  it('is sent once even if its time is up already', async () => {
    const { table, sent } = tableAnswering(undefined);
    await commit(table, write, { remainingMs: () => 0 });
    expect(sent).toHaveLength(1);
  });

  it('fails with what DynamoDB said when it was cancelled for neither', async () => {
    const { table } = tableAnswering([{ code: 'ValidationError', message: 'an item is too large', old: undefined }]);
    await expect(commit(table, [item('first')])).rejects.toThrow('an item is too large');
  });

  it('passes on what DynamoDB refuses by its name', async () => {
    const { table } = tableAnswering(undefined);
    const broken: Table = {
      ...table,
      transact: async () => {
        throw Object.assign(new Error('no such table'), { $fault: 'client' });
      },
    };
    await expect(commit(broken, write)).rejects.toThrow('no such table');
  });
});
