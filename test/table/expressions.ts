/** A request's, or a transaction item's, parameters with expressions. */
export interface Expressive {
  readonly ConditionExpression?: string | undefined;
  readonly UpdateExpression?: string | undefined;
  readonly KeyConditionExpression?: string | undefined;
  readonly FilterExpression?: string | undefined;
  readonly ProjectionExpression?: string | undefined;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  readonly ExpressionAttributeValues?: Readonly<Record<string, unknown>> | undefined;
}

const keywords = ['AND', 'OR', 'NOT', 'BETWEEN', 'IN', 'SET', 'REMOVE', 'ADD', 'DELETE'];
const functions = [
  'attribute_exists',
  'attribute_not_exists',
  'if_not_exists',
  'list_append',
  'begins_with',
  'contains',
];
/** Index keys appear without aliases in key conditions, because none of them is a reserved word. */
const indexKeys = ['pk', 'sk', 'gsi1pk', 'gsi1sk', 'gsi2pk', 'gsi2sk', 'due', 'deadlineMs'];

/** Faults in a request's expressions: what DynamoDB refuses, or what we do not write. */
export function faultsOf(expressive: Expressive): string[] {
  const { ConditionExpression, FilterExpression, KeyConditionExpression, ProjectionExpression, UpdateExpression } =
    expressive;
  const texts = [
    ConditionExpression,
    FilterExpression,
    KeyConditionExpression,
    ProjectionExpression,
    UpdateExpression,
  ].filter((text) => text !== undefined);
  const whole = texts.join(' ');
  return [
    ...mismatches(whole.match(/#\w+/g) ?? [], Object.keys(expressive.ExpressionAttributeNames ?? {})),
    ...mismatches(whole.match(/:\w+/g) ?? [], Object.keys(expressive.ExpressionAttributeValues ?? {})),
    ...(expressive.ExpressionAttributeNames && !whole.includes('#') ? ['an empty set of names'] : []),
    ...(expressive.ExpressionAttributeValues && !whole.includes(':') ? ['an empty set of values'] : []),
    ...texts.filter((text) => text.trim() === '').map(() => 'an empty expression'),
    ...texts.flatMap((text) => bareWords(text, text === KeyConditionExpression ? indexKeys : [])),
    ...texts.flatMap(redundantParentheses),
    ...repeatedTargets(UpdateExpression ?? ''),
  ];
}

function mismatches(used: readonly string[], defined: readonly string[]): string[] {
  return [
    ...used
      .filter((placeholder) => !defined.includes(placeholder))
      .map((placeholder) => `${placeholder} is not defined`),
    ...defined.filter((placeholder) => !used.includes(placeholder)).map((placeholder) => `${placeholder} is not used`),
  ];
}

function bareWords(text: string, allowed: readonly string[]): string[] {
  const words = text.match(/(?<![\w#:])[A-Za-z_]\w*/g) ?? [];
  const known = [...keywords, ...functions, ...allowed];
  return words.filter((word) => !known.includes(word)).map((word) => `${word} is not a placeholder in: ${text}`);
}

/** Redundant parentheses: around the whole, around one comparison or around other parentheses. */
function redundantParentheses(text: string): string[] {
  return groupsIn(text)
    .filter(({ content, start, end }) => (start === 0 && end === text.length) || !hasConnective(content))
    .map(({ content }) => `redundant parentheses around: ${content}`);
}

interface Group {
  readonly content: string;
  readonly start: number;
  readonly end: number;
}

/** The groups in an expression: parentheses that are neither a function's arguments nor a list of values. */
function groupsIn(text: string): Group[] {
  const opened: { start: number; isCall: boolean }[] = [];
  const groups: Group[] = [];
  for (const { index, 0: parenthesis } of text.matchAll(/[()]/g)) {
    if (parenthesis === '(') opened.push({ start: index, isCall: /(?:\w|\bIN )$/.test(text.slice(0, index)) });
    else {
      const { isCall = false, start = 0 } = opened.pop() ?? {};
      if (!isCall) groups.push({ content: text.slice(start + 1, index), start, end: index + 1 });
    }
  }
  return groups;
}

function hasConnective(content: string): boolean {
  let flat = content;
  while (/\([^()]*\)/.test(flat)) flat = flat.replace(/\([^()]*\)/g, '');
  return / (?:AND|OR) /.test(flat);
}

/** Attributes that an update changes twice, which DynamoDB refuses as overlapping paths. */
function repeatedTargets(update: string): string[] {
  const clauses = update.split(/(?=\b(?:SET|REMOVE|ADD) )/);
  const targets = clauses.flatMap((clause) =>
    clause.startsWith('SET')
      ? [...clause.matchAll(/(#\w+) = /g)].map(([, target]) => target)
      : (clause.match(/#\w+/g) ?? []),
  );
  return targets
    .filter((target, index) => targets.indexOf(target) !== index)
    .map((target) => `${target} changes twice`);
}
