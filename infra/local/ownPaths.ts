import { clockRange } from '#infra/local/turnableClock.ts';
import type { Operation } from '#lib/pipeline/declaration.ts';
import { productVersions } from '#lib/pipeline/route.ts';

/** Where the emulator's own paths begin. */
export const OWN_PATH = '/_emulator';

/** One of the emulator's own paths. */
interface OwnPath {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** After `OWN_PATH`. */
  readonly path: string;
  readonly says: string;
  /** A body that it takes. */
  readonly example?: unknown;
}

/** What the emulator's own paths do, as `GET /_emulator/` lists them. */
export const ownPaths: readonly OwnPath[] = [
  { method: 'GET', path: '/', says: 'this list' },
  { method: 'GET', path: '/clock', says: 'the time that deadlines go by, and how far it is from that of the machine' },
  {
    method: 'POST',
    path: '/clock',
    says: `turns it: by advanceMs, to the time now, or to offsetMs from that of the machine; from ${clockRange}`,
    example: { advanceMs: 86_400_000 },
  },
  {
    method: 'POST',
    path: '/accounts',
    says: 'registers accounts, each with an access key',
    example: [{ legalName: 'Payer Ltd.' }, {}],
  },
  {
    method: 'POST',
    path: '/run',
    says: 'runs a job now and answers what it did',
    example: { job: 'expireInvitations' },
  },
  { method: 'GET', path: '/events', says: 'what was published, newest last' },
  { method: 'GET', path: '/mail', says: 'the mails that were sent, newest last; ?to= of one address' },
  { method: 'GET', path: '/docs', says: 'every operation, to read in a browser' },
  { method: 'GET', path: '/openapi.json', says: 'every operation as OpenAPI 3.1' },
  { method: 'GET', path: '/estate', says: 'the estate in the form of a seed; ?format=yaml in YAML' },
  {
    method: 'POST',
    path: '/estate',
    says: 'loads a seed, all of it or nothing',
    example: { accounts: [{ name: 'another@corp' }] },
  },
  { method: 'GET', path: '/seed.schema.json', says: 'the JSON Schema of seeds' },
  { method: 'GET', path: '/snapshots', says: 'the names of the snapshots' },
  { method: 'POST', path: '/snapshots', says: 'keeps the estate as it is, under a name', example: { name: 'before' } },
  { method: 'POST', path: '/snapshots/<name>/restore', says: 'the estate as it was then' },
  { method: 'DELETE', path: '/snapshots/<name>', says: 'forgets it' },
  { method: 'POST', path: '/reset', says: 'the demo estate and the seed anew, with the clock right' },
];

/** What `GET /_emulator/` answers. */
export function index(jobs: readonly string[], operations: readonly Operation[]): object {
  const products = [...new Set(operations.map(({ product }) => product))];
  return {
    paths: ownPaths.map(({ path, ...own }) => ({ ...own, path: `${OWN_PATH}${path}` })),
    jobs,
    products: products.map((product) => ({
      name: product.name,
      versions: productVersions(product),
      vendor: product.dialect.vendor,
      actions: operations.filter((one) => one.product === product).map(({ action }) => action),
    })),
    elsewhere: {
      '/': "every operation, named by Action and Version, as the vendors' SDKs ask",
      '/<product>/<Action>': 'the same, each at a path of its own',
      '/health': 'whether this is up',
    },
  };
}
