import type { Received } from '#lib/auth/received.ts';
import { Refusal } from '#lib/errors.ts';
import type { Operation } from '#lib/pipeline/declaration.ts';
import { isOfProduct, isRouted, type Route } from '#lib/pipeline/route.ts';
import type { Product } from '#lib/products/product.ts';

/** How much of a path that is at fault is told, in characters. */
const MAX_SHOWN = 128;

/** A product that a service offers: known from the start, its operations when one of them is first asked for. */
export interface Offer {
  readonly product: Product;
  operations(): Promise<readonly Operation[]>;
}

/** Operations that are loaded, as offers: one for each product of theirs. */
export function offersOf(operations: readonly Operation[]): Offer[] {
  const products = [...new Set(operations.map(({ product }) => product))];
  return products.map((product) => {
    const own = operations.filter((one) => one.product === product);
    return { product, operations: async () => own };
  });
}

/**
 * The operation that is asked for. Loads only the product that the route names. Throws `ActionMissing`,
 * `ActionUnknown`, or `PathUnknown` where neither path nor names tell it.
 */
export async function find(route: Route, { path }: Received, offers: readonly Offer[]): Promise<Operation> {
  const { action, needsVersion, product: named, version = '' } = route;
  if (!action && named === undefined && path !== '/') {
    throw new Refusal('PathUnknown', { path: path.slice(0, MAX_SHOWN) });
  }
  if (!action) throw new Refusal('ActionMissing', { parameter: 'Action' });
  if (!version && needsVersion) throw new Refusal('ActionMissing', { parameter: 'Version' });
  for (const { product, operations } of offers) {
    if (!isOfProduct(route, product)) continue;
    const found = (await operations()).find((candidate) => isRouted(route, candidate));
    if (found !== undefined) return found;
  }
  throw new Refusal('ActionUnknown', { action, version });
}
