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

/** Aliases for all names in the expressions, because some attributes are reserved words of DynamoDB. */
export function namesIn(...expressions: readonly string[]): Readonly<Record<string, string>> {
  return expressions.length === 1 ? aliasesIn(expressions[0] ?? '') : Object.assign({}, ...expressions.map(aliasesIn));
}

/** Expressions are of few shapes, so the aliases of each are found once. */
const aliases = new Map<string, Readonly<Record<string, string>>>();
const MOST_SHAPES = 500;

function aliasesIn(expression: string): Readonly<Record<string, string>> {
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
  const text = fragments.map((fragment) => (fragments.length > 1 ? enclosed(fragment.text) : fragment.text)).join(glue);
  return { text, values: Object.assign({}, ...fragments.map(({ values }) => values)) };
}

/** A change of an item's attributes, by their names. */
export interface Change {
  readonly set?: Readonly<Record<string, unknown>>;
  /** Sets an attribute to the value of another. */
  readonly copy?: Readonly<Record<string, string>>;
  /** Appends to a list: another attribute, by its name, or the given members. */
  readonly append?: Readonly<Record<string, string | readonly unknown[]>>;
  readonly add?: Readonly<Record<string, number>>;
  readonly remove?: readonly string[];
}

/** Several changes as one. If an attribute is both set and removed, the later change counts. */
export function together(...changes: readonly Change[]): Change {
  const set: Record<string, unknown> = {};
  const removed = new Set<string>();
  for (const change of changes) {
    for (const [name, value] of Object.entries(change.set ?? {})) {
      set[name] = value;
      removed.delete(name);
    }
    for (const name of change.remove ?? []) {
      delete set[name];
      removed.add(name);
    }
  }
  return {
    set,
    copy: Object.assign({}, ...changes.map(({ copy }) => copy)),
    append: Object.assign({}, ...changes.map(({ append }) => append)),
    add: Object.assign({}, ...changes.map(({ add }) => add)),
    remove: [...removed],
  };
}

/** A change as an update expression. */
export function updateOf({ set = {}, copy = {}, append = {}, add = {}, remove = [] }: Change): Fragment {
  const assignments = [
    ...Object.keys(set).map((name) => `#${name} = :set_${name}`),
    ...Object.entries(copy).map(([name, from]) => `#${name} = #${from}`),
    ...Object.entries(append).map(([name, members]) => `#${name} = list_append(#${name}, ${appended(name, members)})`),
  ];
  const sections = [
    ['SET', assignments],
    ['REMOVE', remove.map((name) => `#${name}`)],
    ['ADD', Object.keys(add).map((name) => `#${name} :add_${name}`)],
  ] as const;
  const lists = Object.entries(append).filter(([, members]) => typeof members !== 'string');
  return {
    text: sections.flatMap(([word, parts]) => (parts.length > 0 ? [`${word} ${parts.join(', ')}`] : [])).join(' '),
    values: { ...named('set', set), ...named('add', add), ...named('append', Object.fromEntries(lists)) },
  };
}

/** Conditions that attributes, by their paths, have these values; undefined ones are left out. */
export function equal(values: Readonly<Record<string, unknown>>, purpose: string): Fragment[] {
  return Object.entries(values).flatMap(([path, value]): Fragment[] => {
    if (value === undefined) return [];
    const placeholder = `:${purpose}_${path.replace(/\W+/g, '_')}`;
    return [{ text: `${path.replace(/(^|\.)(?=\w)/g, '$1#')} = ${placeholder}`, values: { [placeholder]: value } }];
  });
}

function appended(name: string, members: string | readonly unknown[]): string {
  return typeof members === 'string' ? `#${members}` : `:append_${name}`;
}

function named(purpose: string, values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`:${purpose}_${name}`, value]));
}
