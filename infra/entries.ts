import { join } from 'node:path';
import type { Plugin } from 'esbuild';
import type { Deployed } from '#infra/deployed.ts';
import { adapterLines } from '#infra/needs.ts';

const root = join(import.meta.dirname, '..');

/** Modules that exist only in bundles: each function's entry, and all operations of a product. */
export const entryNamespace = 'function';
export const productNamespace = 'product';

/** Makes each function's file a Lambda function: adds the lines that create production dependencies while it loads. */
export function entries(all: readonly Deployed[]): Plugin {
  return {
    name: 'entries',
    setup({ onResolve, onLoad }) {
      for (const namespace of [entryNamespace, productNamespace]) {
        onResolve({ filter: new RegExp(`^${namespace}:`) }, ({ path }) => ({
          path: path.slice(namespace.length + 1),
          namespace,
        }));
      }
      onLoad({ filter: /.*/, namespace: entryNamespace }, async ({ path }) => moduleOf(await entryOf(path, all)));
      onLoad({ filter: /.*/, namespace: productNamespace }, ({ path }) => moduleOf(productModule(path, all)));
    },
  };
}

function moduleOf(contents: string) {
  return { resolveDir: root, loader: 'ts', contents } as const;
}

async function entryOf(name: string, all: readonly Deployed[]): Promise<string> {
  const deployed = all.find((one) => one.name === name);
  if (deployed === undefined) throw new Error(`there is no function ${name}`);
  const { path, trigger } = deployed;
  if (trigger.kind === 'door') return doorEntry(path, all);
  if (trigger.kind === 'operation') {
    return `
      import { httpHandler } from '#lib/lambda/httpHandler.ts';
      import { operationDeps } from '#lib/lambda/production.ts';
      import { app } from '${path}';
      export const handler = httpHandler(app, operationDeps(process.env));`;
  }
  if (trigger.kind === 'page') {
    return `
      import { httpHandler } from '#lib/lambda/httpHandler.ts';
      import { workerDeps } from '#lib/lambda/production.ts';
      import { page } from '${path}';
      export const handler = httpHandler(page.app, workerDeps(process.env));`;
  }
  const { imports, members } = adapterLines(trigger.job.needs);
  const handler = `${trigger.kind}Handler`;
  return `
    ${imports.join('\n')}
    import { ${handler} } from '#lib/lambda/jobHandlers.ts';
    import { workerDeps } from '#lib/lambda/production.ts';
    import { job } from '${path}';
    export const handler = ${handler}(job, { ${['deps: workerDeps(process.env)', ...members].join(', ')} });`;
}

/**
 * The entry of the door. It knows how to tell products apart, and imports the operations of one when it is first called: one by one they
 * would be fewer bytes, but more files, and files cost more (docs/decisions.md D33).
 */
function doorEntry(path: string, all: readonly Deployed[]): string {
  const products = [...new Set(operationsOf(all).map(({ operation }) => operation.product))];
  const vendors = [...new Set(products.map(({ dialect }) => dialect.vendor))];
  const offers = products.map(({ defaultFormat, dialect, errors, ...words }) => {
    const offered = `{ ...${JSON.stringify(words)}, dialect: ${dialect.vendor} }`;
    const load = `import('${productNamespace}:${words.name}').then(({ operations }) => operations)`;
    return `{ product: ${offered}, operations: () => ${load} }`;
  });
  return `
    import { door } from '${path}';
    ${vendors.map((vendor) => `import { ${vendor} } from '#lib/dialects/${vendor}/dialect.ts';`).join('\n')}
    import { httpHandler } from '#lib/lambda/httpHandler.ts';
    import { operationDeps } from '#lib/lambda/production.ts';
    export const handler = httpHandler(door([${offers.join(', ')}]), operationDeps(process.env));`;
}

function productModule(product: string, all: readonly Deployed[]): string {
  const own = operationsOf(all).filter(({ operation }) => operation.product.name === product);
  return `
    ${own.map(({ path }, nth) => `import { app as app${nth} } from '${path}';`).join('\n')}
    export const operations = [${own.map((_, nth) => `app${nth}.operation`).join(', ')}];`;
}

/** All operations, with their files. */
function operationsOf(all: readonly Deployed[]) {
  return all.flatMap(({ path, trigger }) =>
    trigger.kind === 'operation' ? [{ path, operation: trigger.operation }] : [],
  );
}
