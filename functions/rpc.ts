import type { Hono } from 'hono';
import type { Env } from '#lib/pipeline/middleware.ts';
import type { Offer } from '#lib/pipeline/route.ts';
import { service } from '#lib/pipeline/service.ts';

/**
 * The one-URL door: the vendors' SDKs send everything to `/` and name the operation by Action and Version. It names no operation
 * itself: the build gives it every product and every operation there is, each operation to be loaded when it is first asked for.
 */
export function door(offers: readonly Spelled[]): Hono<Env> {
  return service(offers.map(underAllNames));
}

/** An offer that says how some clients spell its actions. */
interface Spelled extends Offer {
  readonly product: Offer['product'] & { readonly spellings?: Readonly<Record<string, string>> };
}

function underAllNames({ operations, product }: Spelled): Offer {
  const spelled = Object.entries(product.spellings ?? {}).flatMap(([spelling, action]) => {
    const load = operations.get(action);
    return load ? [[spelling, load] as const] : [];
  });
  return { product, operations: new Map([...operations, ...spelled]) };
}
