import { expect, test } from 'vitest';
import { danglingCitations, danglingIn, danglingPaths } from '#test/citations.ts';

test('the code cites only what stands in docs', () => {
  expect(danglingCitations()).toEqual([]);
});

test('documents name only files that exist', () => {
  expect(danglingPaths()).toEqual([]);
});

// Put together here, so that the search through the code does not find them.
const [vendors, decisions] = ['docs/' + 'vendors', 'docs/' + 'decisions.md'];

test.each([
  ['a document', `docs/${'nothing'}.md`, 'nothing.md, which is no file'],
  ['a decision', `${decisions} D1 and D999`, 'D999, which is not in it'],
  ['a section', `${vendors}/wire.md 3.2, 99.1`, '99.1, which is not in it'],
  ['a question', `${vendors}/alibaba-bss.md Q1 to Q999).`, 'Q999, which is not in it'],
  ['a place in a second document', `${vendors}/alibaba-bss.md 4.2, wire.md 99: so`, '99, which is not in it'],
])('%s that is not there is told', (_, text, what) => {
  expect(danglingIn(text)).toEqual([expect.stringContaining(what)]);
});
