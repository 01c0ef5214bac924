import { expect, test } from 'vitest';
import { operations } from '#infra/operations.ts';
import { jsonLines, type RecordedExample } from '#infra/recordedExamples.ts';
import { recordedOf } from '#test/infra/recording.ts';

test('infra/examples.json, which the OpenAPI documents show, is what each operation answers', async () => {
  const recorded: Record<string, RecordedExample> = {};
  for (const operation of operations) {
    recorded[`${operation.product.name}/${operation.action}`] = await recordedOf(operation);
  }
  const text = `${jsonLines(recorded)}\n`;
  await expect(text, 'write it anew with "npm run generate"').toMatchFileSnapshot('../../infra/examples.json');
});
