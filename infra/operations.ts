import { door } from '#functions/rpc.ts';
import { deployedFunctions } from '#infra/deployed.ts';
import type { Page } from '#lib/pages/page.ts';
import type { Operation } from '#lib/pipeline/declaration.ts';
import { offersOf } from '#lib/pipeline/route.ts';

const deployed = await deployedFunctions();

/** Every operation, by product and name: one per file in a product's folder of `functions`. */
export const operations: readonly Operation[] = deployed.flatMap(({ trigger }) =>
  trigger.kind === 'operation' ? [trigger.operation] : [],
);

/** The pages for people. */
export const pages: readonly Page[] = deployed.flatMap(({ trigger }) =>
  trigger.kind === 'page' ? [trigger.page] : [],
);

/** The one-URL door to all operations, in this process. */
export const app = door(offersOf(operations));
