import type { Guard } from '#lib/domain/machine.ts';
/** What a relation may grant or forbid; each dialect spells these its own way (`lib/dialects/<dialect>/vocabulary.ts`). */
export const permissions = [
  'share-discounts',
  'view-funds',
  'share-credit',
  'view-bills',
  'manage-invoices',
  'forbid-withdrawal',
  'forbid-invoicing',
] as const;

export type Permission = (typeof permissions)[number];

/** A set of permissions under an id of its own, as it is put to the child. */
export interface Offer {
  readonly id: number;
  readonly permissions: readonly Permission[];
}

/** A set of permissions that was, or is, in effect from `sinceMs` (epoch ms) until the next grant of the relation. */
export interface Grant extends Offer {
  readonly sinceMs: number;
}

/** So many grants are kept of a relation; what was granted before stands in its events alone. */
export const MOST_GRANTS = 20;

/** One permission over one unbroken time in effect, epoch ms; without `endMs` it still holds. */
export interface PermissionSpan {
  readonly permission: Permission;
  readonly startMs: number;
  readonly endMs: number | undefined;
}

/** The list as a set in one canonical order, so that equal sets are equal lists in a row and in a write's condition. */
export function permissionSet(list: Iterable<Permission>): Permission[] {
  const wanted = new Set(list);
  return permissions.filter((permission) => wanted.has(permission));
}

/** Whether two sets in canonical order are equal. */
export function isSameSet(one: readonly Permission[], other: readonly Permission[]): boolean {
  return one.length === other.length && one.every((permission, index) => permission === other[index]);
}

/** The set after adding or removing; what is already so stays so (docs/vendors/alibaba-bss.md 8.4). */
export function alterPermissions(
  current: readonly Permission[],
  operation: 'add' | 'remove',
  altered: readonly Permission[],
): Permission[] {
  if (operation === 'add') return permissionSet([...current, ...altered]);
  return permissionSet(current.filter((permission) => !altered.includes(permission)));
}

/**
 * When each permission held, ended ones included, in order of start; all end with the relation
 * (docs/vendors/alibaba-bss.md Q29).
 */
export function permissionSpans(
  grants: readonly Pick<Grant, 'sinceMs' | 'permissions'>[],
  endedAtMs: number | undefined,
): PermissionSpan[] {
  return grants.flatMap((grant, index) =>
    grant.permissions
      .filter((permission) => !grants[index - 1]?.permissions.includes(permission))
      .map((permission) => ({
        permission,
        startMs: grant.sinceMs,
        endMs: grants.slice(index).find((later) => !later.permissions.includes(permission))?.sinceMs ?? endedAtMs,
      })),
  );
}

/** What a caller says of what is offered. Without `confirmed` it takes whatever is. */
export interface Said {
  /** The permissions the child believes it confirms. */
  readonly confirmed?: readonly Permission[] | undefined;
}

/** That what the child confirms is what is offered. */
export const permissionsAsOffered: Guard<{ readonly offered?: Offer | undefined }, Said> = {
  refusal: 'PermissionsDiffer',
  holds: ({ offered }, { confirmed }) => confirmed === undefined || isSameSet(confirmed, offered?.permissions ?? []),
  equals: ({ confirmed }) => (confirmed === undefined ? {} : { 'offered[0].permissions': confirmed }),
};
