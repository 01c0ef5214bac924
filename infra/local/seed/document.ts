import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type ParsedNode,
  parseDocument,
  stringify,
} from 'yaml';
import { SeedError } from '#infra/local/seed/seedError.ts';

/** Where something stands in a document: the names and indexes that lead to it. */
export type Path = readonly (string | number)[];

/** A line and a column of a text, both from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A text in YAML, of which JSON is a part. */
export interface SeedDocument {
  readonly value: unknown;
  /** The place of a value, or of the name it stands under; of what is nearest to it where there is none. */
  placeOf(path: Path, what?: 'value' | 'name'): Place;
}

/** Reads YAML or JSON. Throws `SeedError` if it is neither. */
export function readDocument(name: string, text: string): SeedDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  if (document.errors.length > 0) {
    throw new SeedError(
      name,
      document.errors.map(({ message, pos: [offset] }) => ({ ...placeAt(offset), sentence: `${message}.` })),
    );
  }
  return {
    value: contentOf(name, document),
    placeOf: (path, what = 'value') => placeAt(offsetOf(document, path, what)),
  };
}

/** A value as YAML. */
export function asYaml(value: unknown): string {
  return stringify(value, { lineWidth: 0 });
}

type ReadDocument = ReturnType<typeof parseDocument<ParsedNode>>;

/** Aliases that multiply are refused by the reader, when it follows them. */
function contentOf(name: string, document: ReadDocument): unknown {
  try {
    return document.toJS();
  } catch (error) {
    throw new SeedError(name, [{ line: 1, column: 1, sentence: `${String(error)}.` }]);
  }
}

function offsetOf(document: ReadDocument, path: Path, what: 'value' | 'name'): number {
  let node: Node | null = document.contents;
  let offset = node?.range?.[0] ?? 0;
  for (const [index, step] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document) ?? null;
    if (isSeq<Node>(node)) {
      node = node.items[Number(step)] ?? null;
    } else if (isMap<Node, Node | null>(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      const isNamed = what === 'name' && index === path.length - 1;
      node = (isNamed ? pair?.key : (pair?.value ?? pair?.key)) ?? null;
    } else return offset;
    offset = node?.range?.[0] ?? offset;
  }
  return offset;
}
