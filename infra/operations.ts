import { door } from '#functions/rpc.ts';
import { deployedFunctions } from '#infra/deployed.ts';
import type { Operation } from '#lib/pipeline/declaration.ts';
import { offersOf } from '#lib/pipeline/route.ts';

/** Every operation, by product and name: one per file in a product's folder of `functions`. */
export const operations: readonly Operation[] = (await deployedFunctions()).flatMap(({ trigger }) =>
  trigger.kind === 'operation' ? [trigger.operation] : [],
);

/** The one-URL door to all of them, in this process. */
export const app = door(offersOf(operations));
