import type { Account, Standing } from '#lib/domain/account.ts';
import type { Relation } from '#lib/domain/relation/relation.ts';

export function accountViewOf({ uid, name, legalName, email, createdAtMs }: Account) {
  return {
    Uid: uid,
    Name: name,
    LegalName: legalName,
    ...(email && { Email: email }),
    CreateTime: new Date(createdAtMs).toISOString(),
  };
}

export function relationViewOf({ id, parentUid, childUid, policy, status }: Relation) {
  return { RelationId: id, ParentUid: parentUid, ChildUid: childUid, Policy: policy, Status: status };
}

export function standingViewOf(uid: number, { availableBalance, arrears, openOrders, frozen }: Standing) {
  return { Uid: uid, AvailableBalance: availableBalance, Arrears: arrears, OpenOrders: openOrders, Frozen: frozen };
}
