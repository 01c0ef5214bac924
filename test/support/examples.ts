import type { Operation } from '#lib/pipeline/declaration.ts';
import { newParties, type Parties } from '#test/bss/parties.ts';
import type { Params, Signer } from '#test/support/estate.ts';
import { billing } from '#test/support/examples/billing.ts';
import { bss } from '#test/support/examples/bss.ts';
import { directory } from '#test/support/examples/directory.ts';
import { governance } from '#test/support/examples/governance.ts';
import { operator } from '#test/support/examples/operator.ts';

/** One call that must succeed. */
export interface Example {
  readonly by: Signer;
  readonly params: Params;
  /** The version it is called in; the operation's first if it is not given. */
  readonly version?: string;
}

/** Prepares an estate so that the call it answers with succeeds. */
export type Way = (estate: Parties) => Promise<Example>;

/** What the suites for all operations know of one. */
export interface OperationExamples {
  readonly example: Way;
  /**
   * Calls that reach other parts of the table than the example. Together they do everything the operation ever does.
   */
  readonly further?: readonly Way[];
}

/** The examples of a product, by Action. */
export type ProductExamples = Readonly<Record<string, OperationExamples>>;

/** All examples: by product, then by Action. */
export const examples: Readonly<Record<string, ProductExamples>> = {
  billing,
  bss,
  directory,
  governance,
  operator,
};

/** An operation's calls, its example first. */
export function waysOf({ action, product }: Operation): readonly [Way, ...Way[]] {
  const own = examples[product.name]?.[action];
  if (own === undefined) throw new Error(`${action} has no example in test/support/examples/${product.name}.ts`);
  return [own.example, ...(own.further ?? [])];
}

/** A new estate where the operation's example, or another of its calls, succeeds. */
export async function stage(
  operation: Operation,
  way: Way = waysOf(operation)[0],
): Promise<{ estate: Parties; example: Example }> {
  const estate = await newParties();
  return { estate, example: await way(estate) };
}
