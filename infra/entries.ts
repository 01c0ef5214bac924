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
  if (trigger.kind === 'door') return `export { handler } from './door/${KERNEL}.mjs';`;
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

/** What the door loads at once, beside its entry. */
export const KERNEL = 'kernel';

/**
 * The kernel of the door. It knows how to tell products apart, and what their operations are called. It imports an operation when it is
 * first called, and with it the rest of its product.
 */
export function kernelEntry(path: string, all: readonly Deployed[]): string {
  const own = all.flatMap(({ trigger }) => (trigger.kind === 'operation' ? [trigger.operation] : []));
  const products = [...new Set(own.map(({ product }) => product))];
  const vendors = [...new Set(products.map(({ dialect }) => dialect.vendor))];
  const offers = products.map((product) => {
    const { name, version, furtherVersions = [], dialect, spellings = {} } = product;
    const actions = own.filter((one) => one.product === product).map(({ action }) => action);
    const versions = `version: '${version}', furtherVersions: ${JSON.stringify(furtherVersions)}`;
    const said = `name: '${name}', ${versions}, spellings: ${JSON.stringify(spellings)}`;
    return `offer({ ${said}, dialect: ${dialect.vendor} }, '${actions.join(' ')}')`;
  });
  return `
    import { door } from '${path}';
    ${vendors.map((vendor) => `import { ${vendor} } from '#lib/dialects/${vendor}/dialect.ts';`).join('\n')}
    import { httpHandler } from '#lib/lambda/httpHandler.ts';
    import { operationDeps } from '#lib/lambda/production.ts';
    const partOf = (product, action) => './' + product.name + '.' + action + '.mjs';
    const load = async (product, action) => (await import(partOf(product, action))).app.operation;
    const offer = (product, actions) => ({
      product,
      operations: new Map(actions.split(' ').map((action) => [action, () => load(product, action)])),
    });
    export const handler = httpHandler(door([${offers.join(', ')}]), operationDeps(process.env));`;
}
