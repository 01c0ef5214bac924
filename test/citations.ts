import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

const top = join(import.meta.dirname, '..');
/** Where the code is whose comments cite documents. */
const codeFolders = ['functions', 'infra', 'lib', 'test'];
const codeFiles = /\.(?:ts|cjs|mjs|json|txt)$/;

/** As in `docs/vendors/alibaba-bss.md 4.2, T2 to T4 and wire.md 3.1`: what follows in the same folder may be named without it. */
const citation = /\bdocs\/[\w/-]+\.md(?:[,;]? (?:(?:and|to|point) )?(?:[\w-]+\.md|[DQT]?\d+(?:\.\d+)*\b))*/g;
const named = /((?:[\w-]+\/)*)([\w-]+\.md)|(?<!point )\b[DQT]?\d+(?:\.\d+)*/g;

/** Every citation in the code of a document, or of a place in one, that is not there: a line each. */
export function danglingCitations(): string[] {
  const files = codeFolders.flatMap(filesIn).filter((file) => codeFiles.test(file));
  return [...files, 'serverless.yml'].flatMap((file) =>
    danglingIn(textOf(file)).map((what) => `${file} cites ${what}`),
  );
}

/** What a text cites and is not there. */
export function danglingIn(text: string): string[] {
  return citationsIn(text).flatMap(({ document, places }) => {
    const path = join(top, document);
    if (!existsSync(path)) return [`${document}, which is no file`];
    const cited = readFileSync(path, 'utf8');
    return places.filter((one) => !hasPlace(cited, one)).map((one) => `${document} ${one}, which is not in it`);
  });
}

/** Every file that a document names and that is not there: by a link, or as a path of ours between backticks. */
export function danglingPaths(): string[] {
  const documents = [
    'README.md',
    'README.zh-CN.md',
    'AGENTS.md',
    'CHANGELOG.md',
    'CONTRIBUTING.md',
    ...filesIn('docs').filter((file) => file.endsWith('.md')),
  ];
  return documents.flatMap((document) => {
    const text = readFileSync(join(top, document), 'utf8');
    const linked = [...text.matchAll(/\]\((?![a-z]+:)([^)#]+)/g)].map(([, path = '']) => join(dirname(document), path));
    const inCode = [...text.matchAll(/`((?:docs|functions|infra|lib|test)\/[\w./-]+\.\w+)`/g)].map(
      ([, path = '']) => path,
    );
    return [...linked, ...inCode]
      .filter((path) => !existsSync(join(top, path)))
      .map((path) => `${document} names ${normalize(path)}, which is no file`);
  });
}

/** Documents by their paths, and the places in each. */
function citationsIn(text: string): { readonly document: string; readonly places: string[] }[] {
  return [...text.matchAll(citation)].flatMap(([chain]) => {
    const cited: { document: string; places: string[] }[] = [];
    let folder = '';
    for (const [one, path = '', file] of chain.matchAll(named)) {
      folder = path || folder;
      if (file === undefined) cited.at(-1)?.places.push(one);
      else cited.push({ document: folder + file, places: [] });
    }
    return cited;
  });
}

/** Sections are headings with a number, decisions too; questions and transitions are rows of a table. */
function hasPlace(document: string, one: string): boolean {
  const escaped = one.replaceAll('.', '\\.');
  return new RegExp(`^(?:#+ ${escaped}[. ]|\\| ${escaped} \\|)`, 'm').test(document);
}

/** A file's text, each comment of several lines as one line. */
function textOf(file: string): string {
  return readFileSync(join(top, file), 'utf8').replace(/\n\s*(?:\*|\/\/|#)(?!\/) ?/g, ' ');
}

function filesIn(folder: string): string[] {
  return readdirSync(join(top, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file));
}
