import { app as AddAccountRelation } from '#functions/bss/AddAccountRelation.ts';
import { app as ConfirmRelation } from '#functions/bss/ConfirmRelation.ts';
import { app as GetAccountRelation } from '#functions/bss/GetAccountRelation.ts';
import { app as ModifyAccountRelation } from '#functions/bss/ModifyAccountRelation.ts';
import { app as QueryPermissionList } from '#functions/bss/QueryPermissionList.ts';
import { app as QueryRelationList } from '#functions/bss/QueryRelationList.ts';
import { app as RelieveAccountRelation } from '#functions/bss/RelieveAccountRelation.ts';
import { app as DescribeAccount } from '#functions/operator/DescribeAccount.ts';
import { app as IssueAccessKey } from '#functions/operator/IssueAccessKey.ts';
import { app as ListRegisteredAccounts } from '#functions/operator/ListRegisteredAccounts.ts';
import { app as RegisterAccount } from '#functions/operator/RegisterAccount.ts';
import { app as RevokeAccessKey } from '#functions/operator/RevokeAccessKey.ts';
import { service } from '#lib/service.ts';

/** Every operation, as the rpc door serves them; a test holds this list against the folder. */
export const operations = [
  AddAccountRelation,
  ConfirmRelation,
  GetAccountRelation,
  ModifyAccountRelation,
  QueryPermissionList,
  QueryRelationList,
  RelieveAccountRelation,
  DescribeAccount,
  IssueAccessKey,
  ListRegisteredAccounts,
  RegisterAccount,
  RevokeAccessKey,
].map(({ operation }) => operation);

/** The one-URL door: the vendors' SDKs send everything to `/` and name the operation by Action and Version. */
export const app = service(operations);
