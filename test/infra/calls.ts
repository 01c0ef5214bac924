import type { Deps } from '#lib/deps.ts';
import type { Operation } from '#lib/pipeline/declaration.ts';
import {
  answering,
  type Body,
  bill,
  cancelling,
  create,
  manage,
  naming,
  offer,
  resultOf,
  signedJson,
} from '#test/billing/calls.ts';
import { newParties, type Parties } from '#test/bss/parties.ts';
import type { Params, Signer } from '#test/support/estate.ts';
import { examples as examplesByQuery, requestOf } from '#test/support/everyOperation.ts';

/** A call that succeeds; `send` makes it in a process of one's choosing, as often as one likes, each time signed anew. */
export interface Call {
  readonly estate: Parties;
  send(options?: Params, process?: Deps): Promise<Response>;
}

type Example = (estate: Parties) => Promise<{ by: Signer; body: Body }>;

const billing: Readonly<Record<string, Example>> = {
  CancelInvitation: async (estate) => ({
    by: estate.parent,
    body: cancelling(await create(estate, estate.parent, estate.child)),
  }),
  CleanUpFinancialRelation: async (estate) => {
    const named = naming(await manage(estate));
    resultOf(await bill(estate, estate.parent, 'DeleteFinancialRelation', named));
    return { by: estate.parent, body: named };
  },
  CreateFinancialRelation: async ({ child, parent }) => ({
    by: parent,
    body: offer(child, { AccountAlias: 'branch' }),
  }),
  DeleteFinancialRelation: async (estate) => ({ by: estate.parent, body: naming(await manage(estate)) }),
  HandleInvitation: async (estate) => ({
    by: estate.child,
    body: answering(await create(estate, estate.parent, estate.child), 2),
  }),
  ListFinancialRelation: async (estate) => {
    await manage(estate);
    return { by: estate.parent, body: {} };
  },
  ListInvitation: async (estate) => {
    await create(estate, estate.parent, estate.child);
    return { by: estate.child, body: {} };
  },
  UpdateAuth: async (estate) => {
    const { RelationID } = await manage(estate);
    return { by: estate.parent, body: { RelationID, AuthListStr: '1,2' } };
  },
};

/** A call of any operation on an estate where it succeeds. */
export async function callOf(operation: Operation): Promise<Call> {
  const { action, product } = operation;
  const estate = await newParties();
  const ours = await billing[action]?.(estate);
  if (product.dialect.vendor === 'volcengine' && ours) {
    const { body, by } = ours;
    const send: Call['send'] = (options, process) =>
      estate.send(...signedJson(by, action, { ...body, ...options }), process);
    return { estate, send };
  }
  const example = await examplesByQuery[action]?.(estate);
  if (example === undefined) throw new Error(`there is no example of ${product.name}/${action}`);
  const send: Call['send'] = (options, process) =>
    estate.send(...requestOf(operation, { ...example, params: { ...example.params, ...options } }), process);
  return { estate, send };
}
