import type { Permission } from '#lib/domain/relation/permissions.ts';
import type { Policy, RelationStatus } from '#lib/domain/relation/relation.ts';

/** The permission codes of requests (docs/vendors/alibaba-bss.md 3.1). */
export const permissionCodes = {
  SYNCHRONIZE_FINANCE_IDENTITY: 'share-credit',
  SYNCHRONIZE_FINANCE_DISCOUNT_POLICY_TO_TARGET: 'share-discounts',
  FORBID_WITHDRAW_CASH: 'forbid-withdrawal',
  FORBID_MANAGE_INVOICE: 'forbid-invoicing',
  CHECK_FINANCE_INFO: 'view-funds',
  MANAGE_TARGET_INVOICE: 'manage-invoices',
  CHECK_TARGET_CONSUMPTION: 'view-bills',
} as const satisfies Record<string, Permission>;

/**
 * The codes and names QueryPermissionList answers; all but the first code are inferred (docs/vendors/alibaba-bss.md
 * 3.2, Q5).
 */
export const grantedPermissions = {
  'share-credit': { code: 'allow_synchronize_finance_identity', name: '主账号 子账号共享主账号信控身份' },
  'share-discounts': {
    code: 'allow_synchronize_finance_discount_policy_to_target',
    name: '主账号 子账号共享主账号折扣',
  },
  'forbid-withdrawal': { code: 'forbid_withdraw_cash', name: '主账号 禁止子账号提现' },
  'forbid-invoicing': { code: 'forbid_manage_invoice', name: '主账号 禁止子账号管理发票' },
  'view-funds': { code: 'allow_check_finance_info', name: '主账号 查看子账号财务关联信息' },
  'manage-invoices': { code: 'allow_manage_target_invoice', name: '主账号 管理子账号发票' },
  'view-bills': { code: 'allow_check_target_consumption', name: '主账号 查看子账号消费' },
} as const satisfies Record<Permission, { code: string; name: string }>;

/** Statuses (docs/vendors/alibaba-bss.md 4.1). */
export const statusCodes = {
  inviting: 'CONFIRMING',
  active: 'RELATED',
  changing: 'CHANGE_CONFIRMING',
  declined: 'REJECTED',
  withdrawn: 'CONNECTION_MASTER_CANCEL',
  expired: 'CONNECTION_MASTER_CANCEL',
  ended: 'CONNECTION_CANCELED',
} as const satisfies Record<RelationStatus, string>;

/**
 * The statuses that each code of `StatusList` selects. No relation stays in INITIAL (docs/vendors/alibaba-bss.md Q6).
 */
export const statusesOfCode = {
  INITIAL: [],
  CONFIRMING: ['inviting'],
  RELATED: ['active'],
  CHANGE_CONFIRMING: ['changing'],
  REJECTED: ['declined'],
  CONNECTION_MASTER_CANCEL: ['withdrawn', 'expired'],
  CONNECTION_CANCELED: ['ended'],
} as const satisfies Record<string, readonly RelationStatus[]>;

export const policyNames = {
  management: 'FinancialManagement',
  trusteeship: 'FinancialTrusteeship',
} as const satisfies Record<Policy, string>;

/**
 * What each ConfirmCode does. The third code was never settled, so every published text counts, and one of ours
 * (docs/decisions.md D27).
 */
export const confirmCodes = {
  child_agree: 'agree',
  child_disagree: 'disagree',
  'Alibaba Cloud account cancellation confirmation': 'withdraw',
  主账号取消确认: 'withdraw',
  'Canceled by the master account': 'withdraw',
  parent_cancel: 'withdraw',
} as const;

/** Ways to change permissions (docs/vendors/alibaba-bss.md 8.4). */
export const relationOperations = { ADD: 'add', DELETE: 'remove' } as const;
