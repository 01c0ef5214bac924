/** A part of an expression with the values it names. Attributes are written `#name`, values `:name`. */
export interface Fragment {
  readonly text: string;
  readonly values?: Readonly<Record<string, unknown>>;
}

/** Holds if all of the fragments do. */
export function allOf(fragments: readonly Fragment[]): Fragment {
  return joined(fragments, ' AND ');
}

/** Holds if any of the fragments does. */
export function anyOf(fragments: readonly Fragment[]): Fragment {
  return joined(fragments, ' OR ');
}

/** Expressions are of few shapes, so the aliases of each are found once. */
const aliases = new Map<string, Readonly<Record<string, string>>>();
const MOST_SHAPES = 500;

/** Aliases for all names in an expression, or several, because some attributes are reserved words of DynamoDB. */
export function namesIn(expression: string): Readonly<Record<string, string>> {
  const known = aliases.get(expression);
  if (known) return known;
  const placeholders = expression.match(/#\w+/g) ?? [];
  const found = Object.fromEntries(placeholders.map((placeholder) => [placeholder, placeholder.slice(1)]));
  if (aliases.size === MOST_SHAPES) aliases.clear();
  aliases.set(expression, found);
  return found;
}

/** DynamoDB refuses redundant parentheses. */
function enclosed(text: string): string {
  return / (?:AND|OR) /.test(text) ? `(${text})` : text;
}

function joined(fragments: readonly Fragment[], glue: string): Fragment {
  const [first, ...others] = fragments;
  if (first && others.length === 0) return first;
  const text = fragments.map((fragment) => enclosed(fragment.text)).join(glue);
  return { text, values: Object.assign({}, ...fragments.map(({ values }) => values)) };
}

/** A change of an item's attributes, by their names. */
export interface Change {
  readonly set?: Readonly<Record<string, unknown>>;
  /** Sets an attribute to the value of another. */
  readonly copy?: Readonly<Record<string, string>>;
  /** The same, unless it is there already. */
  readonly keep?: Readonly<Record<string, string>>;
  /** Appends to a list: another attribute, by its name, or the given members. */
  readonly append?: Readonly<Record<string, string | readonly unknown[]>>;
  readonly add?: Readonly<Record<string, number>>;
  readonly remove?: readonly string[];
}

/** Several changes as one. If an attribute is both set, or kept, and removed, the later change counts. */
export function together(...changes: readonly Change[]): Change {
  const set: Record<string, unknown> = {};
  const copy: Record<string, string> = {};
  const keep: Record<string, string> = {};
  const append: Record<string, string | readonly unknown[]> = {};
  const add: Record<string, number> = {};
  const removed = new Set<string>();
  for (const change of changes) {
    for (const name in change.set) {
      set[name] = change.set[name];
      removed.delete(name);
    }
    for (const name in change.keep) removed.delete(name);
    Object.assign(keep, change.keep);
    for (const name of change.remove ?? []) {
      delete set[name];
      delete keep[name];
      removed.add(name);
    }
    Object.assign(copy, change.copy);
    Object.assign(append, change.append);
    Object.assign(add, change.add);
  }
  return { set, copy, keep, append, add, remove: [...removed] };
}

/** A change as an update expression. Each write has several, so it is put together in one go over each part. */
export function updateOf({ set = {}, copy = {}, keep = {}, append = {}, add = {}, remove = [] }: Change): Fragment {
  const values: Record<string, unknown> = {};
  const placeholderOf = (purpose: string, name: string, value: unknown) => {
    const placeholder = `:${purpose}_${name}`;
    values[placeholder] = value;
    return placeholder;
  };
  const assignments: string[] = [];
  for (const name in set) assignments.push(`#${name} = ${placeholderOf('set', name, set[name])}`);
  for (const name in copy) assignments.push(`#${name} = #${copy[name]}`);
  for (const name in keep) assignments.push(`#${name} = if_not_exists(#${name}, #${keep[name]})`);
  for (const name in append) {
    const members = append[name];
    const appended = typeof members === 'string' ? `#${members}` : placeholderOf('append', name, members);
    assignments.push(`#${name} = list_append(#${name}, ${appended})`);
  }
  const added = Object.keys(add).map((name) => `#${name} ${placeholderOf('add', name, add[name])}`);
  const sections: string[] = [];
  if (assignments.length > 0) sections.push(`SET ${assignments.join(', ')}`);
  if (remove.length > 0) sections.push(`REMOVE ${remove.map((name) => `#${name}`).join(', ')}`);
  if (added.length > 0) sections.push(`ADD ${added.join(', ')}`);
  return { text: sections.join(' '), values };
}

/** Conditions that attributes, by their paths, have these values; undefined ones are left out. */
export function equal(values: Readonly<Record<string, unknown>>, purpose: string): Fragment[] {
  const fragments: Fragment[] = [];
  for (const path in values) {
    const value = values[path];
    if (value === undefined) continue;
    const { aliased, plain } = writtenAs(path);
    const placeholder = `:${purpose}_${plain}`;
    fragments.push({ text: `${aliased} = ${placeholder}`, values: { [placeholder]: value } });
  }
  return fragments;
}

/** Paths are few, so each is rewritten once. */
const writtenPaths = new Map<string, { readonly aliased: string; readonly plain: string }>();

/** A path with the aliases of its attributes, and as a part of a placeholder's name. */
function writtenAs(path: string): { readonly aliased: string; readonly plain: string } {
  const known = writtenPaths.get(path);
  if (known) return known;
  const written = { aliased: path.replace(/(^|\.)(?=\w)/g, '$1#'), plain: path.replace(/\W+/g, '_') };
  writtenPaths.set(path, written);
  return written;
}
