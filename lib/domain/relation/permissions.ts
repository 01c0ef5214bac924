import type { Guard } from '#lib/domain/rules.ts';

/** What a relation may grant or forbid. Each product has its own codes for these (`lib/products/<product>/vocabulary.ts`). */
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

/** A set of permissions, with its id, as offered to the child. */
export interface Offer {
  readonly id: number;
  readonly permissions: readonly Permission[];
}

/** A set of permissions that was, or is, in effect from `sinceMs` (epoch ms) until the next grant of the relation. */
export interface Grant extends Offer {
  readonly sinceMs: number;
}

/** How many grants a relation keeps. Older ones are only in its events. */
export const MOST_GRANTS = 20;

/** One unbroken time for which a permission is in effect, epoch ms. Without `endMs` it still is. */
export interface PermissionSpan {
  readonly permission: Permission;
  readonly startMs: number;
  readonly endMs: number | undefined;
}

/** The permissions as a set in canonical order, so that equal sets are equal lists in rows and conditions. */
export function permissionSet(list: Iterable<Permission>): Permission[] {
  const wanted = new Set(list);
  return permissions.filter((permission) => wanted.has(permission));
}

/** Whether two sets in canonical order are equal. */
export function isSameSet(one: readonly Permission[], other: readonly Permission[]): boolean {
  return one.length === other.length && one.every((permission, index) => permission === other[index]);
}

/** The set after adding or removing some; adding twice changes nothing (docs/vendors/alibaba-bss.md 8.4). */
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

/** What a child says when it accepts an offer. Without `confirmed` it accepts whatever is offered. */
export interface Said {
  /** The permissions the child believes it confirms. */
  readonly confirmed?: readonly Permission[] | undefined;
}

/** Holds if the child confirms what is offered. */
export const permissionsAsOffered: Guard<{ readonly offered?: Offer | undefined }, Said> = {
  refusal: 'PermissionsDiffer',
  holds: ({ offered }, { confirmed }) => confirmed === undefined || isSameSet(confirmed, offered?.permissions ?? []),
  equals: ({ confirmed }) => (confirmed === undefined ? {} : { 'offered[0].permissions': confirmed }),
};
