import { describe, expect, test } from 'vitest';
import { app } from '#functions/bss/GetAccountRelation.ts';
import { job } from '#functions/workers/publishEvents.ts';
import { lackingIn, type Project, projectAsItIs } from '#test/complete.ts';

const getThing = { app: { operation: { ...app.operation, action: 'GetThing' } } };

/** A project of one operation and one job, each with all that belongs to it. */
const whole: Project = {
  functions: { 'bss/GetThing': getThing, 'workers/publishEvents': { job } },
  has: () => true,
  examples: ['bss/GetThing', 'workers/publishEvents'],
  grants: { 'bss/GetThing': { GetItem: ['KEY#*'] }, 'workers/publishEvents': { UpdateItem: ['RELATION#*'] } },
  recorded: ['bss/GetThing'],
  references: { billing: '# billing (2022-01-01)\n', bss: '# bss (2017-12-14)\n\n## GetThing\n\nCalled by' },
  costs: '| call |\n| bss/GetThing | 2 |\n',
  stale: [],
};

test('the project lacks nothing', async () => {
  expect(lackingIn(await projectAsItIs())).toEqual([]);
});

describe('of an operation is told', () => {
  test('all that it lacks, at once, and how to add it', () => {
    const bare = {
      ...whole,
      has: (path: string) => !path.startsWith('test/bss'),
      examples: [],
      grants: {},
      recorded: [],
    };
    expect(lackingIn({ ...bare, functions: { 'bss/GetThing': getThing }, references: {}, costs: '' })).toEqual([
      'bss/GetThing has no test: write test/bss/GetThing.test.ts',
      'bss/GetThing has no example: give it an entry in test/support/examples/bss.ts',
      'bss/GetThing has no grants in infra/grants.json: run "npm run generate"',
      'bss/GetThing is not in infra/examples.json: run "npm run generate"',
      'bss/GetThing is not in docs/reference/bss.md: run "npm run generate"',
      'bss/GetThing is not in docs/costs.md: run "npm run generate"',
    ]);
  });

  test('nothing when it lacks nothing', () => {
    expect(lackingIn(whole)).toEqual([]);
  });

  test('that its file exports none', () => {
    const functions = { ...whole.functions, 'bss/GetThing': {} };
    expect(lackingIn({ ...whole, functions })).toEqual([
      'functions/bss/GetThing.ts exports no `app` made by operation() of lib/operation.ts',
    ]);
  });

  test('that its file cannot be loaded, and why', () => {
    const functions = { ...whole.functions, 'bss/GetThing': { fault: 'SyntaxError: no' } };
    expect(lackingIn({ ...whole, functions })).toEqual(['functions/bss/GetThing.ts cannot be loaded: SyntaxError: no']);
  });

  test('that its file is named otherwise', () => {
    const functions = { ...whole.functions, 'bss/GetThing': { app } };
    expect(lackingIn({ ...whole, functions })).toEqual([
      'functions/bss/GetThing.ts declares GetAccountRelation of bss: file and folder are named as action and product',
    ]);
  });

  test('that it reads as it says, and was seen to write', () => {
    const grants = { ...whole.grants, 'bss/GetThing': { GetItem: ['KEY#*'], PutItem: ['THING#*'] } };
    expect(lackingIn({ ...whole, grants })).toEqual([
      'bss/GetThing is declared to read, but was seen to write THING#*: look at infra/grants.json',
    ]);
  });

  test('that operators may write by it, and its record would not name to what', () => {
    const written = { ...getThing.app.operation, effect: 'write' as const };
    const declared = (operation: typeof written & { target?: unknown }) =>
      lackingIn({ ...whole, functions: { ...whole.functions, 'bss/GetThing': { app: { operation } } } });
    const lacking =
      'bss/GetThing lets operators write, but declares no `target`: its log record has to name what was acted on';
    expect(declared({ ...written, access: 'operator' })).toEqual([lacking]);
    expect(declared({ ...written, access: 'anyone' })).toEqual([lacking]);
    expect(declared({ ...written, access: 'operator', target: () => 'thing 1' })).toEqual([]);
    expect(declared({ ...written, access: 'account' })).toEqual([]);
  });

  test('that another product documents one of its name', () => {
    const references = { operator: whole.references['bss'] ?? '' };
    expect(lackingIn({ ...whole, references })).toEqual([
      'bss/GetThing is not in docs/reference/bss.md: run "npm run generate"',
    ]);
  });
});

test('of a job is told what it lacks', () => {
  const functions = { ...whole.functions, 'workers/sendMail': { job } };
  expect(lackingIn({ ...whole, functions })).toEqual([
    'functions/workers/sendMail.ts exports no `job` of its own name',
    'workers/sendMail has no example: give it an entry in test/support/examples/workers.ts',
    'workers/sendMail has no grants in infra/grants.json: run "npm run generate"',
  ]);
});

test('what is left of a function that has gone is told', () => {
  const { 'workers/publishEvents': _, ...functions } = whole.functions;
  expect(lackingIn({ ...whole, functions })).toEqual([
    'workers/publishEvents has an example in test/support/examples, but functions/workers/publishEvents.ts is no file',
    'workers/publishEvents has grants, but is no function: run "npm run generate"',
  ]);
  const recorded = [...whole.recorded, 'bss/GetOther'];
  expect(lackingIn({ ...whole, recorded })).toEqual([
    'bss/GetOther is in infra/examples.json, but is no function: run "npm run generate"',
  ]);
});

test('documents are told that would be written otherwise now', () => {
  expect(lackingIn({ ...whole, stale: ['docs/reference.md'] })).toEqual([
    'docs/reference.md is not as it would be written now: run "npm run docs"',
  ]);
});
