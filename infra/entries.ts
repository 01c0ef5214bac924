import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Plugin } from 'esbuild';
import type { Deployed } from '#infra/deployed.ts';
import { adapterLines } from '#infra/needs.ts';
import type { Product } from '#lib/products/product.ts';

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
 * The entry of the door. It knows every product by name and version, and imports the operations of one when it is first
 * called.
 */
async function doorEntry(path: string, all: readonly Deployed[]): Promise<string> {
  const offers = await Promise.all(
    productsOf(all).map(async (product) => ({ product, export: await exportOf(product) })),
  );
  const lines = offers.map(
    (offer, nth) => `import { ${offer.export} as product${nth} } from '${fileOf(offer.product)}';`,
  );
  const members = offers.map(({ product }, nth) => {
    const load = `import('${productNamespace}:${product.name}').then(({ operations }) => operations)`;
    return `{ product: product${nth}, operations: () => ${load} }`;
  });
  return `
    import { door } from '${path}';
    import { httpHandler } from '#lib/lambda/httpHandler.ts';
    import { operationDeps } from '#lib/lambda/production.ts';
    ${lines.join('\n')}
    export const handler = httpHandler(door([${members.join(', ')}]), operationDeps(process.env));`;
}

function productModule(product: string, all: readonly Deployed[]): string {
  const own = all.filter(({ trigger }) => trigger.kind === 'operation' && trigger.operation.product.name === product);
  return `
    ${own.map(({ path }, nth) => `import { app as app${nth} } from '${path}';`).join('\n')}
    export const operations = [${own.map((_, nth) => `app${nth}.operation`).join(', ')}];`;
}

function productsOf(all: readonly Deployed[]): Product[] {
  return [...new Set(all.flatMap(({ trigger }) => (trigger.kind === 'operation' ? [trigger.operation.product] : [])))];
}

function fileOf({ name }: Product): string {
  return join(root, `lib/products/${name}/product.ts`);
}

/** The name under which a product's file exports it. Throws if it does not. */
async function exportOf(product: Product): Promise<string> {
  const exported: Readonly<Record<string, unknown>> = await import(pathToFileURL(fileOf(product)).href);
  const found = Object.entries(exported).find(([, value]) => value === product);
  if (found === undefined) throw new Error(`${fileOf(product)} does not export the product ${product.name}`);
  return found[0];
}
