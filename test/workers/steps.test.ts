import * as v from 'valibot';
import { expect, test } from 'vitest';
import { takeSteps } from '#lib/jobs/steps.ts';
import { rowKind } from '#lib/table/rowKind.ts';
import { newEstate } from '#test/support/estate.ts';
import { inserted } from '#test/workers/stream.ts';

const kind = rowKind({
  type: 'toyStep',
  shape: v.object({ uids: v.array(v.number()) }),
  upgrades: [({ uid, ...row }) => ({ ...row, uids: [uid] })],
});

test('a step that was called for in an earlier schema is taken, and what cannot be read is passed over with its fault', async () => {
  const { deps, logged } = await newEstate();
  const taken: number[] = [];
  const steps = {
    job: 'toy',
    kind,
    ports: deps.ports,
    table: deps.table,
    uidsOf: ({ uids }: v.InferOutput<typeof kind.shape>) => uids,
    async nextOf(uid: number) {
      taken.push(uid);
      return [];
    },
  };
  const outcome = await takeSteps(steps, [
    inserted({ pk: 'A', sk: 'A', type: 'toyStep', uid: 1 }, '1'),
    inserted({ pk: 'B', sk: 'B', type: 'toyStep', schema: 2, uids: 'none' }, '2'),
    inserted({ pk: 'C', sk: 'C', type: 'toyStep', schema: 2, uids: [2, 3] }, '3'),
  ]);
  expect(outcome).toEqual({ again: undefined, passedOver: 1 });
  expect(taken.toSorted()).toEqual([1, 2, 3]);
  const fault = expect.stringContaining('none');
  expect(logged).toEqual([{ level: 'error', job: 'toy', sequenceNumber: '2', isPassedOver: true, fault }]);
});
