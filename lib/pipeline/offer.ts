import { Refusal } from '#lib/errors.ts';
import type { Operation } from '#lib/pipeline/declaration.ts';
import { isOfProduct, isRouted, type Route } from '#lib/pipeline/route.ts';
import type { Product } from '#lib/products/product.ts';

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

/** The operation that is asked for. Loads only the product that the route names. Throws `ActionMissing` or `ActionUnknown`. */
export async function find(route: Route, offers: readonly Offer[]): Promise<Operation> {
  const { action, needsVersion, version = '' } = route;
  if (!action) throw new Refusal('ActionMissing', { parameter: 'Action' });
  if (!version && needsVersion) throw new Refusal('ActionMissing', { parameter: 'Version' });
  for (const { product, operations } of offers) {
    if (!isOfProduct(route, product)) continue;
    const found = (await operations()).find((candidate) => isRouted(route, candidate));
    if (found !== undefined) return found;
  }
  throw new Refusal('ActionUnknown', { action, version });
}
