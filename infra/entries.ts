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
 * The entry of the door. It knows how to tell products apart, and the names of their operations. It imports all operations of a product
 * when one of them is first called: one by one they would be fewer bytes, but more files, and files cost more (docs/decisions.md D33).
 */
function doorEntry(path: string, all: readonly Deployed[]): string {
  const products = [...new Set(operationsOf(all).map(({ operation }) => operation.product))];
  const vendors = [...new Set(products.map(({ dialect }) => dialect.vendor))];
  const offers = products.map(({ name, version, dialect }) => {
    const operations = operationsOf(all, name).map(
      ({ operation: { action } }) =>
        `['${action}', () => import('${productNamespace}:${name}').then(({ ${action} }) => ${action}.operation)]`,
    );
    const product = `{ name: '${name}', version: '${version}', dialect: ${dialect.vendor} }`;
    return `{ product: ${product}, operations: new Map([${operations.join(', ')}]) }`;
  });
  return `
    import { door } from '${path}';
    ${vendors.map((vendor) => `import { ${vendor} } from '#lib/dialects/${vendor}/dialect.ts';`).join('\n')}
    import { httpHandler } from '#lib/lambda/httpHandler.ts';
    import { operationDeps } from '#lib/lambda/production.ts';
    export const handler = httpHandler(door([${offers.join(', ')}]), operationDeps(process.env));`;
}

function productModule(product: string, all: readonly Deployed[]): string {
  const own = operationsOf(all, product);
  return own.map(({ operation: { action }, path }) => `export { app as ${action} } from '${path}';`).join('\n');
}

/** The operations, of one product or of all, with their files. */
function operationsOf(all: readonly Deployed[], product?: string) {
  return all.flatMap(({ path, trigger }) =>
    trigger.kind === 'operation' && (product === undefined || trigger.operation.product.name === product)
      ? [{ path, operation: trigger.operation }]
      : [],
  );
}
