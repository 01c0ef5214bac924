import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { operations } from '#infra/operations.ts';
import { reference } from '#infra/reference.ts';
import { shapeOf } from '#infra/schemaShape.ts';

const pages = reference(operations);
const written = Object.values(pages).join('\n');

/** The part of the reference that is about one operation. */
function sectionOf(action: string): string {
  return written.split(/^## /m).find((section) => section.startsWith(`${action}\n`)) ?? '';
}

describe('the reference', () => {
  test.each(Object.entries(pages))('%s is committed as it would be written now', (path, page) => {
    const committed = readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
    expect(committed, 'write it anew with "npm run docs"').toBe(page);
  });

  test('has a page for each product, which the first page names', () => {
    const products = [...new Set(operations.map(({ product }) => product.name))];
    for (const product of products) expect(pages['docs/reference.md']).toContain(`](reference/${product}.md)`);
    expect(Object.keys(pages)).toEqual(['docs/reference.md', ...products.map((name) => `docs/reference/${name}.md`)]);
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
