import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Imports that biome.json has to allow and to refuse in a file. */
interface Fence {
  readonly allowed: readonly string[];
  readonly forbidden: readonly string[];
}

const top = join(import.meta.dirname, '..');
/** No file of `lib` may import its users, or anything by a relative path. */
const outside = ['#functions/rpc.ts', '#infra/reach.ts', '#test/fences.ts', './near.ts', '../far.ts', 'vitest', 'knip'];

/** By the path of a file that does not exist. */
export const fences: Readonly<Record<string, Fence>> = {
  'lib/probe.ts': {
    allowed: ['#lib/errors.ts', '#lib/pipeline/service.ts', '#lib/table/table.ts', 'hono', 'node:crypto', 'ulid'],
    forbidden: [...outside, '@aws-sdk/lib-dynamodb', '@smithy/core/checksum', 'esbuild'],
  },
  'lib/domain/probe.ts': {
    allowed: ['#lib/domain/account.ts', '#lib/domain/relation/relation.ts', '#lib/errors.ts'],
    forbidden: [
      ...outside,
      '#lib/store/relations/writes.ts',
      '#lib/store/keys.ts',
      '#lib/table/table.ts',
      '#lib/auth/authenticate.ts',
      '#lib/dialects/fields.ts',
      '#lib/products/product.ts',
      '#lib/pipeline/service.ts',
      '#lib/jobs/job.ts',
      '#lib/deps.ts',
      '#lib/ports.ts',
      '#lib/call.ts',
      'node:fs',
      'node:fs/promises',
      'hono',
      'hono/tiny',
      'valibot',
      '@aws-sdk/lib-dynamodb',
    ],
  },
  'lib/domain/relation/probe.ts': {
    allowed: ['#lib/domain/machine.ts', '#lib/domain/relation/begin.ts'],
    forbidden: [...outside, '../../table/table.ts', '#lib/store/relations/rows.ts', 'node:crypto'],
  },
  'lib/domain/governance/probe.ts': {
    allowed: ['#lib/domain/governance/itemKind.ts', '#lib/errors.ts', 'valibot'],
    forbidden: [
      ...outside,
      '#lib/products/governance/fields.ts',
      '#lib/store/keys.ts',
      '#lib/call.ts',
      'node:crypto',
      'hono',
    ],
  },
  'lib/table/probe.ts': {
    allowed: ['@aws-sdk/lib-dynamodb', '@aws-sdk/client-dynamodb', 'node:async_hooks', '#lib/table/items.ts'],
    forbidden: [
      ...outside,
      '#lib/store/keys.ts',
      '#lib/store/relations/rows.ts',
      '#lib/domain/account.ts',
      '#lib/domain/relation/relation.ts',
      '#lib/pipeline/service.ts',
      '#lib/auth/hashing.ts',
      '#lib/dialects/fields.ts',
      '#lib/deps.ts',
      'hono',
      'node:fs',
    ],
  },
  'lib/store/probe.ts': {
    allowed: [
      '#lib/store/keys.ts',
      '#lib/table/items.ts',
      '#lib/domain/relation/relation.ts',
      'valibot',
      'node:crypto',
    ],
    forbidden: [
      ...outside,
      '#lib/auth/keyring.ts',
      '#lib/dialects/fields.ts',
      '#lib/dialects/alibaba/errors.ts',
      '#lib/products/product.ts',
      '#lib/products/bss/fields.ts',
      '#lib/pipeline/mutate.ts',
      '#lib/jobs/job.ts',
      '#lib/deps.ts',
      '@aws-sdk/lib-dynamodb',
      '@aws-sdk/client-dynamodb',
      'hono',
      'node:fs',
    ],
  },
  'lib/store/relations/probe.ts': {
    allowed: ['#lib/store/relations/rows.ts', '#lib/table/expressions.ts', '#lib/call.ts'],
    forbidden: [...outside, '#lib/products/billing/views.ts', '#lib/auth/authenticate.ts', '@aws-sdk/util-dynamodb'],
  },
  'lib/auth/probe.ts': {
    allowed: ['#lib/auth/hashing.ts', '#lib/domain/account.ts', '#lib/errors.ts', 'node:crypto'],
    forbidden: [
      ...outside,
      '#lib/store/accessKeys.ts',
      '#lib/table/table.ts',
      '#lib/dialects/fields.ts',
      '#lib/dialects/alibaba/errors.ts',
      '#lib/products/product.ts',
      '#lib/pipeline/receive.ts',
      '@aws-sdk/client-dynamodb',
      'hono',
      'node:fs',
    ],
  },
  'lib/dialects/alibaba/probe.ts': {
    allowed: ['#lib/dialects/json.ts', '#lib/auth/encoding.ts', '#lib/errors.ts', 'valibot'],
    forbidden: [
      ...outside,
      '#lib/products/product.ts',
      '#lib/products/bss/fields.ts',
      '#lib/store/keys.ts',
      '#lib/store/relations/lists.ts',
      '#lib/table/table.ts',
      '#lib/pipeline/exchange.ts',
      '#lib/domain/relation/relation.ts',
      'hono',
      'node:fs',
    ],
  },
  'lib/products/bss/probe.ts': {
    allowed: [
      '#lib/products/product.ts',
      '#lib/dialects/alibaba/dialect.ts',
      '#lib/domain/relation/relation.ts',
      'valibot',
    ],
    forbidden: [
      ...outside,
      '#lib/store/accounts.ts',
      '#lib/store/relations/lists.ts',
      '#lib/table/items.ts',
      '#lib/pipeline/declaration.ts',
      '#lib/auth/authenticate.ts',
      '#lib/deps.ts',
      'hono',
      'node:crypto',
    ],
  },
  'lib/pipeline/probe.ts': {
    allowed: ['#lib/auth/authenticate.ts', '#lib/table/commit.ts', '#lib/store/once.ts', 'hono/tiny', 'node:crypto'],
    forbidden: [
      ...outside,
      '@aws-sdk/lib-dynamodb',
      '@aws-sdk/client-dynamodb',
      '#lib/lambda/httpHandler.ts',
      '#lib/adapters/masterKey.ts',
      'esbuild',
    ],
  },
  'lib/jobs/probe.ts': {
    allowed: [
      '#lib/jobs/job.ts',
      '#lib/mail/confirmation.ts',
      '#lib/store/due.ts',
      '#lib/table/commit.ts',
      '#lib/deps.ts',
      '#lib/ports.ts',
    ],
    forbidden: [
      ...outside,
      '#lib/lambda/jobHandlers.ts',
      '#lib/adapters/eventBridge.ts',
      '#lib/pipeline/service.ts',
      '#lib/dialects/fields.ts',
      '#lib/products/bss/fields.ts',
      '#lib/auth/authenticate.ts',
      '@aws-sdk/client-eventbridge',
      'hono',
    ],
  },
  'lib/pages/probe.ts': {
    allowed: [
      '#lib/pages/page.ts',
      '#lib/html.ts',
      '#lib/store/directory/concluding.ts',
      '#lib/table/commit.ts',
      'hono/tiny',
    ],
    forbidden: [
      ...outside,
      '#lib/auth/authenticate.ts',
      '#lib/dialects/fields.ts',
      '#lib/pipeline/service.ts',
      '#lib/lambda/httpHandler.ts',
      '#lib/adapters/mail.ts',
      '#lib/jobs/mails.ts',
      '@aws-sdk/lib-dynamodb',
      'node:fs',
    ],
  },
  'lib/mail/probe.ts': {
    allowed: ['#lib/domain/mail.ts', '#lib/html.ts', '#lib/mail/confirmation.ts'],
    forbidden: [
      ...outside,
      '#lib/store/mails.ts',
      '#lib/jobs/mails.ts',
      '#lib/ports.ts',
      'hono',
      'nodemailer',
      'node:fs',
    ],
  },
  'lib/html.ts': {
    allowed: [],
    forbidden: [...outside, '#lib/ports.ts', 'hono'],
  },
  'lib/adapters/probe.ts': {
    allowed: [
      'nodemailer',
      '@aws-sdk/client-eventbridge',
      '@smithy/signature-v4',
      '#lib/ports.ts',
      '#lib/timeouts.ts',
      'node:crypto',
    ],
    forbidden: [
      ...outside,
      '#lib/store/keys.ts',
      '#lib/store/relations/rows.ts',
      '#lib/table/table.ts',
      '#lib/deps.ts',
      'hono',
    ],
  },
  'functions/bss/probe.ts': {
    allowed: [
      '#lib/operation.ts',
      '#lib/call.ts',
      '#lib/errors.ts',
      '#lib/nextToken.ts',
      '#lib/dialects/fields.ts',
      '#lib/products/bss/fields.ts',
      '#lib/domain/relation/relation.ts',
      '#lib/store/relations/ending.ts',
      'valibot',
    ],
    forbidden: [
      ...outside,
      '#functions/bss/ConfirmRelation.ts',
      '#functions/workers/publishEvents.ts',
      '../../lib/table/table.ts',
      '#lib/table/items.ts',
      '#lib/table/commit.ts',
      '#lib/store/keys.ts',
      '#lib/store/aggregate.ts',
      '#lib/store/transition.ts',
      '#lib/store/relations/rows.ts',
      '#lib/auth/authenticate.ts',
      '#lib/auth/keyring.ts',
      '#lib/dialects/alibaba/errors.ts',
      '#lib/pipeline/service.ts',
      '#lib/lambda/production.ts',
      '#lib/adapters/masterKey.ts',
      '#lib/jobs/sweep.ts',
      '#lib/deps.ts',
      '@aws-sdk/lib-dynamodb',
      'hono',
      'node:fs',
    ],
  },
  'functions/workers/probe.ts': {
    allowed: ['#lib/jobs/job.ts', '#lib/jobs/sweep.ts', '#lib/store/due.ts'],
    forbidden: [
      ...outside,
      '#lib/lambda/jobHandlers.ts',
      '#lib/table/table.ts',
      '@aws-sdk/client-eventbridge',
      'node:fs',
    ],
  },
  'functions/pages/probe.ts': {
    allowed: ['#lib/pages/page.ts', '#lib/mail/confirmation.ts', '#lib/products/directory/product.ts'],
    forbidden: [...outside, '#lib/store/keys.ts', '#lib/table/table.ts', '#lib/operation.ts', 'hono', 'node:fs'],
  },
  'functions/rpc.ts': {
    allowed: ['#lib/pipeline/service.ts', 'hono'],
    forbidden: [
      '#functions/bss/ConfirmRelation.ts',
      '#infra/reach.ts',
      '#test/fences.ts',
      './near.ts',
      '#lib/table/table.ts',
      '#lib/store/keys.ts',
      'node:fs',
    ],
  },
  'infra/probe.ts': {
    allowed: ['#infra/names.ts', '#lib/deps.ts', '#functions/rpc.ts', 'node:fs', 'node:fs/promises', 'esbuild', 'hono'],
    forbidden: ['#test/support/examples.ts', './near.ts', '../test/fences.ts', 'vitest', 'fast-check', 'knip'],
  },
  'infra/local/probe.ts': {
    allowed: ['#infra/local/engine.ts', '@hono/node-server', '@aws-sdk/client-dynamodb-streams'],
    forbidden: ['#test/support/engine.ts', '../names.ts', 'vitest'],
  },
  'test/probe.test.ts': {
    allowed: [
      '#lib/table/table.ts',
      '#infra/reach.ts',
      '#functions/rpc.ts',
      '@aws-sdk/lib-dynamodb',
      'vitest',
      './near.ts',
    ],
    forbidden: [],
  },
};

interface Diagnostic {
  readonly category: string;
  readonly message: string;
  readonly location: { readonly path: string; readonly start: { readonly line: number } };
}

/** The imports that biome refuses in the probe files, by file, and the messages of the rules. */
export function refusedProbes(): {
  readonly imports: ReadonlyMap<string, readonly string[]>;
  readonly messages: Set<string>;
} {
  const folder = mkdtempSync(join(tmpdir(), 'test-fences-'));
  try {
    copyFileSync(join(top, 'biome.json'), join(folder, 'biome.json'));
    for (const [file, fence] of Object.entries(fences)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(
        join(folder, file),
        linesOf(fence)
          .map((from) => `import '${from}';\n`)
          .join(''),
      );
    }
    const found = lint(folder).filter(({ category }) => category === 'lint/style/noRestrictedImports');
    const imports = Object.entries(fences).map(([file, fence]) => {
      const lines = found.filter(({ location }) => location.path === file).map(({ location }) => location.start.line);
      return [file, linesOf(fence).filter((_, index) => lines.includes(index + 1))] as const;
    });
    return { imports: new Map(imports), messages: new Set(found.map(({ message }) => message)) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A line for each probe import that biome.json judges wrongly. */
export function misjudgedProbes(): string[] {
  const { imports } = refusedProbes();
  return Object.entries(fences).flatMap(([file, { allowed, forbidden }]) => {
    const refused = imports.get(file) ?? [];
    return [
      ...forbidden.filter((from) => !refused.includes(from)).map((from) => `biome.json lets ${file} import ${from}`),
      ...allowed
        .filter((from) => refused.includes(from))
        .map((from) => `biome.json keeps ${file} from importing ${from}`),
    ];
  });
}

function linesOf({ allowed, forbidden }: Fence): readonly string[] {
  return [...allowed, ...forbidden];
}

function lint(folder: string): readonly Diagnostic[] {
  const words = ['lint', '--vcs-enabled=false', '--reporter=json', '--max-diagnostics=none', '.'];
  const { stderr, stdout } = spawnSync(join(top, 'node_modules/.bin/biome'), words, { cwd: folder, encoding: 'utf8' });
  const { diagnostics }: { diagnostics?: readonly Diagnostic[] } = JSON.parse(stdout || '{}');
  if (diagnostics === undefined) throw new Error(`biome did not lint the probes: ${stderr}`);
  return diagnostics;
}
