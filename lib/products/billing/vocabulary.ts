import type { Permission } from '#lib/domain/relation/permissions.ts';
import type { Policy, RelationStatus } from '#lib/domain/relation/relation.ts';

/** Numbers of relation types (docs/vendors/volcengine-billing.md 1.2). */
export const relationNumbers = { trusteeship: 1, management: 4 } as const satisfies Record<Policy, number>;
export const relationNames = { trusteeship: '财务托管', management: '财务管理' } as const satisfies Record<
  Policy,
  string
>;
export const policiesByNumber = { 1: 'trusteeship', 4: 'management' } as const satisfies Record<number, Policy>;

/** Authorization points. Permissions that only forbid have none (docs/vendors/volcengine-billing.md 1.3). */
export const pointNumbers = {
  'share-discounts': 1,
  'view-funds': 2,
  'share-credit': 3,
  'view-bills': 4,
  'manage-invoices': 5,
} as const satisfies Partial<Record<Permission, number>>;

export const permissionsByPoint: Readonly<Record<string, Permission>> = {
  1: 'share-discounts',
  2: 'view-funds',
  3: 'share-credit',
  4: 'view-bills',
  5: 'manage-invoices',
};

/** Status numbers and captions; all captions but the second are ours (docs/vendors/volcengine-billing.md 1.4). */
export const statuses = {
  inviting: { number: 100, caption: '邀约中' },
  active: { number: 200, caption: '关系已建立' },
  changing: { number: 200, caption: '关系已建立' },
  declined: { number: 300, caption: '已拒绝' },
  withdrawn: { number: 400, caption: '已取消' },
  expired: { number: 400, caption: '已取消' },
  ended: { number: 500, caption: '已解除' },
} as const satisfies Record<RelationStatus, { number: number; caption: string }>;

/**
 * The statuses that each number of a filter selects. No relation stays in 250 (docs/vendors/volcengine-billing.md Q2).
 */
export const statusesByNumber = {
  100: ['inviting'],
  200: ['active', 'changing'],
  250: [],
  300: ['declined'],
  400: ['withdrawn', 'expired'],
  500: ['ended'],
} as const satisfies Record<number, readonly RelationStatus[]>;

/** The caller's side of the relation (docs/vendors/volcengine-billing.md Q10). */
export const filiations = {
  parent: { number: 1, caption: '主' },
  child: { number: 2, caption: '子' },
} as const;

/** Kinds of invitations (docs/vendors/volcengine-billing.md 1.6). */
export const invitationTypes = { 1: 'relation', 2: 'authorization' } as const;

/** Answers to an invitation (docs/vendors/volcengine-billing.md 5.4). */
export const handlings = { 2: 'accept', 3: 'decline' } as const;

/** Whether an authorization is in effect or awaits the child (docs/vendors/volcengine-billing.md 1.5). */
export const authStatuses = { inEffect: 200, offered: 100 } as const;

/** The texts of ids: `rel` or `auth`, then digits (docs/vendors/volcengine-billing.md 1.10). */
export const idTexts = { relation: /^rel\d{1,19}$/, auth: /^auth\d{1,19}$/ } as const;

export function relationIdText(id: number): string {
  return `rel${id}`;
}

export function authIdText(id: number): string {
  return `auth${id}`;
}

/** The id in such a text; 0, which is nobody's id, for digits that no id has. */
export function idOf(text: string): number {
  const digits = text.replace(/^\D+/, '');
  return String(Number(digits)) === digits ? Number(digits) : 0;
}
