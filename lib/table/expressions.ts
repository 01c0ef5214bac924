/** A part of an expression with the values it names. Attributes are written `#name`, values `:name`. */
export interface Fragment {
  readonly text: string;
  readonly values?: Readonly<Record<string, unknown>>;
}

/** That all of the fragments hold. */
export function allOf(fragments: readonly Fragment[]): Fragment {
  return joined(fragments, ' AND ');
}

/** That any of the fragments holds. */
export function anyOf(fragments: readonly Fragment[]): Fragment {
  return joined(fragments, ' OR ');
}

/** The `#name` placeholders of the expressions, all aliased: no attribute can collide with a reserved word. */
export function namesIn(...expressions: readonly string[]): Record<string, string> {
  const placeholders = expressions.flatMap((expression) => expression.match(/#\w+/g) ?? []);
  return Object.fromEntries(placeholders.map((placeholder) => [placeholder, placeholder.slice(1)]));
}

/** DynamoDB refuses parentheses it does not need. */
function enclosed(text: string): string {
  return / (?:AND|OR) /.test(text) ? `(${text})` : text;
}

function joined(fragments: readonly Fragment[], glue: string): Fragment {
  const text = fragments.map((fragment) => (fragments.length > 1 ? enclosed(fragment.text) : fragment.text)).join(glue);
  return { text, values: Object.assign({}, ...fragments.map(({ values }) => values)) };
}
