import * as v from 'valibot';
import { jsonText, text } from '#lib/dialects/fields.ts';
import type { Deletion, DeletionCheck, DeletionStatus } from '#lib/domain/directory/deletion.ts';
import { type Finding, findings, isAbandonable, leftOf } from '#lib/domain/directory/findings.ts';
import { memberDeletionNames } from '#lib/products/directory/vocabulary.ts';

/** How a deletion is shown in words: none waits for a silence period (docs/vendors/alibaba-resource-directory.md 3.2). */
export const DELETED_AT_ONCE = '0';

/** What stands against a deletion, in the vendor's form of ids (docs/vendors/alibaba-resource-directory.md 6.4). */
const checks: Readonly<Record<Finding, { readonly id: string; readonly name: string; readonly description: string }>> =
  {
    notResourceAccount: {
      id: 'NON_SP_type',
      name: 'Account type',
      description: 'The account is no longer a resource account of the directory.',
    },
    pendingPromotion: {
      id: 'NON_SP_promote',
      name: 'Promotion',
      description: 'A promotion of the account awaits its confirmation. Cancel it first.',
    },
    enrolment: {
      id: 'NON_SP_enrolment',
      name: 'Account factory',
      description: 'A baseline is being applied to the account. Wait until that is finished or has failed.',
    },
    openOrders: { id: 'NON_SP_order', name: 'Orders', description: 'The account has orders that are not finished.' },
    arrears: { id: 'NON_SP_arrears', name: 'Arrears', description: 'The account owes on bills, or is overdrawn.' },
    parentOfRelations: {
      id: 'NON_SP_payer',
      name: 'Payments for others',
      description: 'The account is the parent of financial relations, or has invited accounts to such.',
    },
    otherParent: {
      id: 'NON_SP_efc',
      name: 'Enterprise finance',
      description: 'The account has a financial relation with an account other than the management account.',
    },
    pendingChange: {
      id: 'NON_SP_change',
      name: 'Change of a financial relation',
      description: 'A change of the financial relation of the account awaits an answer.',
    },
    payerOverdrawn: {
      id: 'NON_SP_payerarrears',
      name: 'Arrears of the payer',
      description: 'The management account, which pays for the account, is overdrawn.',
    },
    creditSpent: {
      id: 'NON_SP_creditspent',
      name: 'Spent credit',
      description: 'The account has spent credit that was lent to it.',
    },
    credit: {
      id: 'NON_SP_credit',
      name: 'Lent credit',
      description: 'Credit is lent to the account. It goes back to the management account.',
    },
    balance: { id: 'NON_SP_balance', name: 'Balance', description: 'The account has a balance, which is lost.' },
  };

const MOST_CHECKS = 100;

const checkIds = v.pipe(v.array(text(128)), v.maxLength(MOST_CHECKS));

/**
 * Checks that are not to stand against a deletion: a list as JSON, or a flat one (docs/vendors/alibaba-resource-directory.md 8.16). What
 * is no check is passed over.
 */
export const abandonableCheckIds = v.pipe(
  v.union([checkIds, v.pipe(jsonText, checkIds)]),
  v.transform((ids) => findings.filter((finding) => ids.includes(checks[finding].id))),
  v.description('A JSON list of the ids of checks that may be abandoned, and are, at most 100.'),
);

export const deletionPermission = v.pipe(
  v.picklist(Object.values(memberDeletionNames)),
  v.transform((name) => name === memberDeletionNames.permitted),
  v.description('Whether members of the directory may be deleted: Enabled or Disabled.'),
);

const found = v.object({ CheckId: v.string(), CheckName: v.string(), Description: v.string() });

/** `AllowDelete` is a text. The lists are there only where something is in them (docs/vendors/alibaba-resource-directory.md 13.29). */
export const checkResult = v.object({
  Status: v.string(),
  AllowDelete: v.optional(v.string()),
  NotAllowReason: v.optional(v.array(found)),
  AbandonableChecks: v.optional(v.array(found)),
});

export function checkResultViewOf({ findings: all, status }: DeletionCheck) {
  if (status === 'checking') return { Status: 'PreChecking' };
  const reasons = leftOf(all, all).map(foundOf);
  const abandonable = all.filter(isAbandonable).map(foundOf);
  return {
    Status: 'PreCheckComplete',
    AllowDelete: String(reasons.length === 0),
    ...(reasons.length > 0 && { NotAllowReason: reasons }),
    ...(abandonable.length > 0 && { AbandonableChecks: abandonable }),
  };
}

function foundOf(finding: Finding) {
  const { description, id, name } = checks[finding];
  return { CheckId: id, CheckName: name, Description: description };
}

export const deletionStatus = v.object({
  AccountId: v.string(),
  CreateTime: v.string(),
  DeletionTime: v.string(),
  DeletionType: v.string(),
  Status: v.string(),
  FailReasonList: v.optional(v.array(v.object({ Name: v.string(), Description: v.string() }))),
});

const statusNames = {
  checking: 'Checking',
  releasing: 'Deleting',
  removing: 'Deleting',
  revoking: 'Deleting',
  done: 'Success',
  checkFailed: 'CheckFailed',
  deleteFailed: 'DeleteFailed',
} as const satisfies Record<DeletionStatus, string>;

/** `DeletionTime` is when the deletion ended, or went on last: it has to be there always. */
export function deletionStatusViewOf({ createdAtMs, findings: left, status, uid, updatedAtMs }: Deletion) {
  const reasons = left.map((finding) => ({ Name: checks[finding].name, Description: checks[finding].description }));
  return {
    AccountId: String(uid),
    CreateTime: localTime(createdAtMs),
    DeletionTime: localTime(updatedAtMs),
    DeletionType: DELETED_AT_ONCE,
    Status: statusNames[status],
    ...(reasons.length > 0 && { FailReasonList: reasons }),
  };
}

const CHINA_OFFSET_MS = 8 * 60 * 60 * 1000;

/** The only times of this product that are not in UTC (docs/vendors/alibaba-resource-directory.md 2). */
function localTime(epochMs: number): string {
  return `${new Date(epochMs + CHINA_OFFSET_MS).toISOString().slice(0, 19)}+08:00`;
}
