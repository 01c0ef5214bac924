import { invalid } from '#lib/dialects/alibaba/errors.ts';
import type { ErrorCatalogue } from '#lib/errors.ts';
import { commonErrors, notAuthorized, sharedErrors } from '#lib/products/alibabaErrors.ts';

const invalidRelation = (why: string) => invalid(`The relation cannot be changed: ${why}.`);

const factNames = { parentUid: 'ParentUserId', childUid: 'ChildUserId', policy: 'RelationType', offerId: 'AuthID' };

/** Words of bss (docs/vendors/alibaba-bss.md 7; where no code is published, as 7.5 proposes). */
export const bssErrors = {
  ...commonErrors,
  ...sharedErrors,
  SelfRelation: ({ uid }) => invalid(`Account ${uid} cannot be related to itself.`),
  LegalNamesDiffer: () => invalid('A trusteeship requires both accounts to bear the same verified enterprise name.'),
  ChildAlreadyRelated: ({ uid }) => invalid(`Account ${uid} already has a financial relation or invitation.`),
  ParentInTrusteeship: ({ uid }) => invalid(`Account ${uid} is itself in trusteeship and cannot be a trustee.`),
  ChildHoldsTrusteeships: ({ uid }) => invalid(`Account ${uid} is a trustee of other accounts.`),
  RelationOtherwise: ({ fact }) => invalid(`Specified parameters RelationId and ${factNames[fact]} do not agree.`),
  CallerNotParent: () => notAuthorized,
  CallerNotChild: () => notAuthorized,
  PermissionsDiffer: () => invalid('Specified parameter PermissionCodes differs from the permissions offered.'),
  RelationInviting: () => invalidRelation('its invitation awaits the answer of the invited account'),
  RelationActive: () => invalidRelation('it is established and nothing awaits confirmation'),
  RelationChanging: () => invalidRelation('a change of it awaits confirmation'),
  RelationDeclined: () => invalidRelation('the invited account declined it'),
  RelationWithdrawn: () => invalidRelation('the inviting account withdrew it'),
  RelationExpired: () => invalidRelation('its invitation has expired'),
  RelationEnded: () => invalidRelation('it has ended'),

  ParentFrozen: ({ uid }) => invalid(`Account ${uid} is frozen.`),
  OrdersOpenAtLinking: ({ uid }) => invalid(`Account ${uid} has unfinished orders and cannot be put in trusteeship.`),
  ParentOverdrawnAtLinking: ({ uid }) =>
    invalid(`The available balance of account ${uid} is negative and it cannot be a trustee.`),
  ChildInArrearsAtLinking: ({ uid }) => invalid(`Account ${uid} is in arrears and cannot be put in trusteeship.`),
  OrdersOpen: ({ uid }) => invalidRelation(`account ${uid} has unfinished orders`),
  ParentOverdrawn: ({ uid }) => invalidRelation(`the available balance of account ${uid} is negative`),
  ChildInArrears: ({ uid }) => invalidRelation(`account ${uid} is in arrears`),
  LentCreditSpent: ({ uid }) => invalidRelation(`account ${uid} has spent credit lent to it`),
} satisfies Partial<ErrorCatalogue>;
