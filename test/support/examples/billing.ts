import {
  answering,
  type Body,
  bill,
  cancelling,
  create,
  manage,
  manageChanging,
  naming,
  offer,
  resultOf,
} from '#test/billing/calls.ts';
import { type Parties, WAIT_MS } from '#test/bss/parties.ts';
import type { Params } from '#test/support/estate.ts';
import { countedMembers, entrusted, lent, manyMembers, reopenings } from '#test/support/examples/staging.ts';
import type { ProductExamples, Way } from '#test/support/examples.ts';

/** A body's values as a query has them: billing's are all texts and numbers. */
function plain(body: Body): Params {
  return Object.fromEntries(Object.entries(Object(body)));
}

const invitation: Way = async ({ child, parent }) => ({
  by: parent,
  params: plain(offer(child, { AccountAlias: 'team' })),
});

/** Ends a relation of the parent and its sibling. */
const ending =
  (opened: (estate: Parties) => Promise<number>, Relation: 1 | 4): Way =>
  async (estate) => {
    const RelationID = `rel${await opened(estate)}`;
    return { by: estate.parent, params: { RelationID, SubAccountID: estate.sibling.uid, Relation } };
  };

export const billing: ProductExamples = {
  CancelInvitation: {
    example: async (estate) => ({
      by: estate.parent,
      params: plain(cancelling(await create(estate, estate.parent, estate.child))),
    }),
    further: [async (estate) => ({ by: estate.parent, params: plain(cancelling(await manageChanging(estate))) })],
  },
  CleanUpFinancialRelation: {
    example: async (estate) => {
      const relation = await manage(estate);
      resultOf(await bill(estate, estate.parent, 'DeleteFinancialRelation', naming(relation)));
      return { by: estate.parent, params: plain(naming(relation)) };
    },
    further: [
      async (estate) => {
        const relation = await create(estate, estate.parent, estate.child);
        estate.advance(WAIT_MS);
        return { by: estate.parent, params: plain(naming(relation)) };
      },
    ],
  },
  CreateFinancialRelation: {
    example: invitation,
    further: [
      ...reopenings(invitation),
      async ({ parent, sibling }) => ({ by: parent, params: { SubAccountID: sibling.uid, Relation: 1 } }),
    ],
  },
  DeleteFinancialRelation: {
    example: async (estate) => ({ by: estate.parent, params: plain(naming(await manage(estate))) }),
    further: [ending(entrusted, 1), ending(lent, 4)],
  },
  HandleInvitation: {
    example: async (estate) => ({
      by: estate.child,
      params: plain(answering(await create(estate, estate.parent, estate.child), 2)),
    }),
    further: [async (estate) => ({ by: estate.child, params: plain(answering(await manageChanging(estate), 3)) })],
  },
  ListFinancialRelation: {
    example: async (estate) => {
      await manage(estate);
      return { by: estate.parent, params: {} };
    },
    further: [
      async (estate) => {
        await manyMembers(estate);
        return { by: estate.parent, params: {} };
      },
      async (estate) => {
        await countedMembers(estate);
        return { by: estate.parent, params: {} };
      },
      async (estate) => {
        await countedMembers(estate);
        return { by: estate.parent, params: { Status: ['200'] } };
      },
      async (estate) => {
        const { SubAccountID } = await manage(estate);
        const filter = { AccountIDSearchList: [SubAccountID], Relation: [1, 4], Status: ['200'] };
        return { by: estate.parent, params: { ...filter, Limit: 5, Offset: 0 } };
      },
      async (estate) => {
        await manage(estate);
        return { by: estate.child, params: { AccountIDSearchList: [estate.parent.uid] } };
      },
    ],
  },
  ListInvitation: {
    example: async (estate) => {
      await create(estate, estate.parent, estate.child);
      return { by: estate.child, params: {} };
    },
  },
  UpdateAuth: {
    example: async (estate) => ({
      by: estate.parent,
      params: { RelationID: (await manage(estate)).RelationID, AuthListStr: '1,2' },
    }),
  },
};
