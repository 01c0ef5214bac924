import type { Deps } from '#lib/deps.ts';
import { type Answer, type Estate, type Params, type Signer, signedCall } from '#test/support/estate.ts';

/** A process that has read all it needs, and is so slow that something else is done before it writes. */
export function slowed(estate: Pick<Estate, 'anotherProcess'>, other: () => Promise<unknown>): Deps {
  const deps = estate.anotherProcess();
  const { table } = deps;
  let isDone = false;
  return {
    ...deps,
    table: {
      ...table,
      async transact(actions) {
        if (!isDone) {
          isDone = true;
          await other();
        }
        return table.transact(actions);
      },
    },
  };
}

/** Makes a call while something else is done after it has read all it needs and before it writes. */
export async function callAround(
  estate: Estate,
  [by, action, version, params]: readonly [by: Signer, action: string, version: string, params: Params],
  other: () => Promise<unknown>,
): Promise<Answer> {
  const response = await estate.send(...signedCall(by, action, version, params), slowed(estate, other));
  return { status: response.status, body: await response.json() };
}
