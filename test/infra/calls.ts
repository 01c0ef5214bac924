import type { Deps } from '#lib/deps.ts';
import type { Operation } from '#lib/pipeline/declaration.ts';
import { signedJson } from '#test/billing/calls.ts';
import type { Parties } from '#test/bss/parties.ts';
import type { Params } from '#test/support/estate.ts';
import { requestOf } from '#test/support/everyOperation.ts';
import { stage, type Way } from '#test/support/examples.ts';

/** A call that succeeds. `send` makes it in the given process and signs it anew each time. */
export interface Call {
  readonly estate: Parties;
  /** The key that it is signed with. */
  readonly keyId: string;
  send(options?: Params, process?: Deps): Promise<Response>;
}

/** A call of an operation on an estate where it succeeds, as its vendor's clients send it. */
export async function callOf(operation: Operation, way?: Way): Promise<Call> {
  const { estate, example } = await stage(operation, way);
  const { action, product } = operation;
  return {
    estate,
    keyId: example.by.keyId,
    send(options, process) {
      const params = { ...example.params, ...options };
      const request =
        product.dialect.vendor === 'volcengine'
          ? signedJson(example.by, action, params)
          : requestOf(operation, { ...example, params });
      return estate.send(...request, process);
    },
  };
}
