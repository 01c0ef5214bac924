import { join } from 'node:path';
import type { Plugin } from 'esbuild';
import type { Deployed } from '#infra/deployed.ts';
import { adapterLines } from '#infra/needs.ts';

const root = join(import.meta.dirname, '..');

/** Each function's entry is a module that exists only in bundles. */
export const entryNamespace = 'function';

/** Makes each function's file a Lambda function: adds the lines that create production dependencies while it loads. */
export function entries(all: readonly Deployed[]): Plugin {
  return {
    name: 'entries',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: new RegExp(`^${entryNamespace}:`) }, ({ path }) => ({
        path: path.slice(entryNamespace.length + 1),
        namespace: entryNamespace,
      }));
      onLoad({ filter: /.*/, namespace: entryNamespace }, async ({ path }) => ({
        resolveDir: root,
        loader: 'ts',
        contents: await entryOf(path, all),
      }));
    },
  };
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
 * The entry of the door. It knows how to tell products apart, and each operation's name. It imports an operation when it is first
 * called, and with it the rest of its product.
 */
function doorEntry(path: string, all: readonly Deployed[]): string {
  const own = all.flatMap((one) =>
    one.trigger.kind === 'operation' ? [{ path: one.path, operation: one.trigger.operation }] : [],
  );
  const products = [...new Set(own.map(({ operation }) => operation.product))];
  const vendors = [...new Set(products.map(({ dialect }) => dialect.vendor))];
  const offers = products.map((product) => {
    const { name, version, dialect } = product;
    const operations = own
      .filter(({ operation }) => operation.product === product)
      .map(({ operation: { action }, path: file }) => `['${action}', () => import('${file}').then(operationOf)]`);
    const offered = `{ name: '${name}', version: '${version}', dialect: ${dialect.vendor} }`;
    return `{ product: ${offered}, operations: new Map([${operations.join(', ')}]) }`;
  });
  return `
    import { door } from '${path}';
    ${vendors.map((vendor) => `import { ${vendor} } from '#lib/dialects/${vendor}/dialect.ts';`).join('\n')}
    import { httpHandler } from '#lib/lambda/httpHandler.ts';
    import { operationDeps } from '#lib/lambda/production.ts';
    const operationOf = ({ app }) => app.operation;
    export const handler = httpHandler(door([${offers.join(', ')}]), operationDeps(process.env));`;
}
