import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const [english, chinese] = ['README.md', 'README.zh-CN.md'].map((file) =>
  readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8'),
);

/** What of a README every language of it has. */
function inCommon(readme = '') {
  const found = (pattern: RegExp) => [...readme.matchAll(pattern)].map(([, text = '']) => text);
  return {
    commands: found(/^```((?:sh|js|yaml|mermaid)\n.*?)^```$/gms),
    headings: found(/^(#+) /gm),
    items: found(/^(-) \*\*/gm).length,
    rows: found(/^\| (`.*?`)(?:、.*?)? \|/gm).map((row) => row.split('`')[1]),
    // Each names the other, and a place in itself by its own heading.
    links: found(/\]\(([^)]+)\)/g)
      .filter((link) => !/^(README|#)/.test(link))
      .toSorted(),
  };
}

test('the README says the same in Chinese: the same commands, options, promises and links in the same places', () => {
  expect(inCommon(chinese)).toEqual(inCommon(english));
});
