import * as v from 'valibot';
import { reasonsUnless } from '#lib/domain/relation/reasons.ts';
import { operation } from '#lib/operation.ts';
import {
  confirmCode,
  permissions,
  relationEnvelope,
  relationNameIn,
  relationNames,
  requestId,
} from '#lib/products/bss/fields.ts';
import { bss } from '#lib/products/bss/product.ts';
import { fireEither } from '#lib/store/relations/moves.ts';

const answers = {
  agree: ['accept', 'acceptChange'],
  disagree: ['decline', 'declineChange'],
  withdraw: ['withdraw', 'withdrawChange'],
} as const;

export const app = operation({
  action: 'ConfirmRelation',
  product: bss,
  envelope: relationEnvelope,
  access: 'account',
  effect: 'write',
  input: v.object({
    ...relationNames,
    ConfirmCode: confirmCode,
    RequestId: requestId,
    PermissionCodes: permissions,
  }),
  output: v.object({ HostId: v.string() }),
  errors: [
    'AlternativesMissing',
    'RelationOtherwise',
    'RelationUnknown',
    'CallerNotParent',
    'CallerNotChild',
    ...reasonsUnless('inviting', 'changing'),
    'PermissionsDiffer',
    'ChildAlreadyRelated',
  ],
  async run({ input, call, deps }) {
    const relationId = await deps.relations.idOf(relationNameIn(input), call.uid);
    const write = fireEither(answers[input.ConfirmCode], {
      relationId,
      call,
      ...(input.ConfirmCode === 'agree' && { said: { confirmed: input.PermissionCodes } }),
      named: { parentUid: input.ParentUserId, childUid: input.ChildUserId },
    });
    return { output: { HostId: call.sourceIp }, write };
  },
});
