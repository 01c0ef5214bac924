import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { operations } from '#infra/operations.ts';
import { reference } from '#infra/reference.ts';
import { shapeOf } from '#infra/schemaShape.ts';

const written = reference(operations);

/** The part of the reference that is about one operation. */
function sectionOf(action: string): string {
  return written.split(/^#{2,3} /m).find((section) => section.startsWith(`${action}\n`)) ?? '';
}

describe('the reference', () => {
  test('is committed as it would be written now', () => {
    const committed = readFileSync(new URL('../../docs/reference.md', import.meta.url), 'utf8');
    expect(committed, 'write it anew with "npm run docs"').toBe(written);
  });

  test.each(operations.map(({ action }) => action))('has %s', (action) => {
    expect(sectionOf(action)).toContain('Called by');
  });

  test('tells parameters, what of them is required, and their values', () => {
    const section = sectionOf('ConfirmRelation');
    expect(section).toContain('| `ConfirmCode` | required |');
    expect(section).toContain('`child_agree`, `child_disagree`');
  });

  test('tells refusals in the words of the operation itself, alike ones once', () => {
    const alike = '| RelationUnknown, RelationOtherwise, CallerNotParent, RelationInviting,';
    expect(sectionOf('DeleteFinancialRelation')).toContain(alike);
    expect(sectionOf('DeleteFinancialRelation')).toContain('`OperationDenied.UpdatingAuth`');
  });

  test('has nothing that stands for nothing', () => {
    expect(written).not.toMatch(/undefined|\[object|NaN/);
  });
});

test('a shape is told by its fields, lists and what may be missing', () => {
  const row = v.object({ Id: v.number(), Note: v.optional(v.string()) });
  expect(shapeOf(v.object({ List: v.optional(v.array(row)), Total: v.number() }))).toBe(
    '{ List?: [{ Id, Note? }], Total }',
  );
});
