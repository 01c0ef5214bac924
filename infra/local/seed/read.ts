import * as v from 'valibot';
import { closestTo } from '#infra/local/closest.ts';
import { type Path, readDocument, type SeedDocument } from '#infra/local/seed/document.ts';
import { type Seed, seedForm } from '#infra/local/seed/form.ts';
import { formAt } from '#infra/local/seed/schema.ts';
import { SeedError, type SeedFault } from '#infra/local/seed/seedError.ts';

/** What a seed says, and where it says what. */
export interface ReadSeed {
  readonly seed: Seed;
  /** The fault that a sentence tells of what stands at a place. */
  faultAt(path: Path, sentence: string): SeedFault;
  /** The error of some faults. */
  refused(faults: readonly SeedFault[]): SeedError;
}

/** Reads a seed in YAML or JSON; `name` is what faults are told by. Throws `SeedError` with all that the form does not allow. */
export function readSeed(name: string, text: string): ReadSeed {
  const document = readDocument(name, text);
  // A file of comments alone is a seed of nothing.
  const read = v.safeParse(seedForm, document.value ?? {});
  if (!read.success)
    throw new SeedError(
      name,
      read.issues.map((issue) => faultOf(issue, document)),
    );
  return {
    seed: read.output,
    faultAt: (path, sentence) => ({ ...document.placeOf(path), sentence: `${named(path)} ${sentence}` }),
    refused: (faults) => new SeedError(name, faults),
  };
}

function faultOf(issue: v.BaseIssue<unknown>, document: SeedDocument): SeedFault {
  const path = stepsTo(issue);
  const own = String(path.at(-1));
  const before = path.slice(0, -1);
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    const { names } = formAt(before);
    const rule = `must be a mapping of ${names.join(', ')}`;
    if (Array.isArray(writtenAt(document.value, before))) {
      return { ...document.placeOf(before), sentence: `${named(before)} ${rule}, not a list.` };
    }
    const sentence = `${named(before)} has no field ${own}${meant(own, names)} There are ${names.join(', ')}.`;
    return { ...document.placeOf(path, 'name'), sentence };
  }
  const { leaf, names } = formAt(path);
  if (issue.type === 'strict_object' && issue.received === 'undefined') {
    return {
      ...document.placeOf(before),
      sentence: `${named(before)} has to have a ${own}. ${leaf?.description ?? ''}`.trim(),
    };
  }
  const rule = leaf?.rule ?? (names.length > 0 ? `a mapping of ${names.join(', ')}` : 'a list');
  const words = Array.isArray(leaf?.json['enum']) ? leaf.json['enum'].map(String) : [];
  const hint = typeof issue.input === 'string' ? meant(issue.input, words) : '.';
  return {
    ...document.placeOf(path),
    sentence: `${named(path)} must be ${rule}, not ${shown(writtenAt(document.value, path))}${hint}`,
  };
}

function meant(written: string, known: readonly string[]): string {
  const closest = closestTo(written, known);
  return closest === undefined ? '.' : `; did you mean ${closest}?`;
}

/** As in `accounts[3].keys[0].id`. */
function named(path: Path): string {
  if (path.length === 0) return 'A seed';
  return path.map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`)).join('');
}

function stepsTo({ path }: v.BaseIssue<unknown>): Path {
  return (path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key)));
}

/** What stands at a place. An issue itself may have what was made of it. */
function writtenAt(value: unknown, path: Path): unknown {
  return path.reduce((within: unknown, step) => Object(within)[step], value);
}

const MOST_CHARACTERS = 40;

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}...` : text;
}
