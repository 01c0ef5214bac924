import { statusesOfCode } from '#lib/products/bss/vocabulary.ts';
import { proposal, relate, tracing, tripleOf } from '#test/bss/parties.ts';
import {
  added,
  codes,
  countedMembers,
  entrusted,
  lent,
  manyMembers,
  offered,
  reopenings,
} from '#test/support/examples/staging.ts';
import type { ProductExamples, Way } from '#test/support/examples.ts';

const invitation: Way = async ({ child, parent }) => ({
  by: parent,
  params: proposal(parent, child, { PermissionCodes: [...codes, 'FORBID_WITHDRAW_CASH'] }),
});

export const bss: ProductExamples = {
  AddAccountRelation: {
    example: invitation,
    further: [
      ...reopenings(invitation),
      async ({ parent, sibling }) => ({
        by: parent,
        params: proposal(parent, sibling, { RoleCodes: ['trusteeship'] }),
      }),
    ],
  },
  ConfirmRelation: {
    example: async (estate) => ({
      by: estate.child,
      params: {
        ...tracing,
        RelationId: await added(estate, estate.child),
        ConfirmCode: 'child_agree',
        ...offered,
      },
    }),
    further: [
      async (estate) => {
        await added(estate, estate.child);
        const named = { ...tracing, ...tripleOf(estate.parent, estate.child), ...offered };
        return { by: estate.child, params: { ...named, ConfirmCode: 'child_agree' } };
      },
    ],
  },
  GetAccountRelation: {
    example: async (estate) => ({
      by: estate.child,
      params: { ...tracing, RelationId: await added(estate, estate.child) },
    }),
  },
  ModifyAccountRelation: {
    example: async (estate) => ({
      by: estate.parent,
      params: {
        ...tracing,
        RelationId: await added(estate, estate.sibling),
        RelationOperation: 'ADD',
        PermissionCodes: ['MANAGE_TARGET_INVOICE'],
      },
    }),
    further: [
      async (estate) => {
        await relate(estate, estate.parent, estate.child, codes);
        const named = { ...tracing, ...tripleOf(estate.parent, estate.child) };
        const change = { RelationOperation: 'ADD', PermissionCodes: ['MANAGE_TARGET_INVOICE'] };
        return { by: estate.parent, params: { ...named, ...change } };
      },
    ],
  },
  QueryPermissionList: {
    example: async (estate) => ({
      by: estate.sibling,
      params: { RelationId: await added(estate, estate.sibling) },
    }),
  },
  QueryRelationList: {
    example: async (estate) => {
      await added(estate, estate.sibling);
      return { by: estate.parent, params: { UserId: estate.parent.uid } };
    },
    further: [
      async (estate) => {
        await manyMembers(estate);
        return { by: estate.parent, params: { UserId: estate.parent.uid } };
      },
      async (estate) => {
        await countedMembers(estate);
        return { by: estate.parent, params: { UserId: estate.parent.uid } };
      },
      async (estate) => {
        await countedMembers(estate);
        const StatusList = Object.keys(statusesOfCode);
        return { by: estate.parent, params: { UserId: estate.parent.uid, StatusList } };
      },
    ],
  },
  RelieveAccountRelation: {
    example: async (estate) => ({
      by: estate.parent,
      params: { ...tracing, RelationId: await added(estate, estate.sibling) },
    }),
    further: [
      async (estate) => ({ by: estate.parent, params: { ...tracing, RelationId: await entrusted(estate) } }),
      async (estate) => ({ by: estate.parent, params: { ...tracing, RelationId: await lent(estate) } }),
      async (estate) => {
        await added(estate, estate.sibling);
        return { by: estate.parent, params: { ...tracing, ...tripleOf(estate.parent, estate.sibling) } };
      },
    ],
  },
};
