import { app as CancelInvitation } from '#functions/billing/CancelInvitation.ts';
import { app as CleanUpFinancialRelation } from '#functions/billing/CleanUpFinancialRelation.ts';
import { app as CreateFinancialRelation } from '#functions/billing/CreateFinancialRelation.ts';
import { app as DeleteFinancialRelation } from '#functions/billing/DeleteFinancialRelation.ts';
import { app as HandleInvitation } from '#functions/billing/HandleInvitation.ts';
import { app as ListFinancialRelation } from '#functions/billing/ListFinancialRelation.ts';
import { app as ListInvitation } from '#functions/billing/ListInvitation.ts';
import { app as UpdateAuth } from '#functions/billing/UpdateAuth.ts';
import { app as AddAccountRelation } from '#functions/bss/AddAccountRelation.ts';
import { app as ConfirmRelation } from '#functions/bss/ConfirmRelation.ts';
import { app as GetAccountRelation } from '#functions/bss/GetAccountRelation.ts';
import { app as ModifyAccountRelation } from '#functions/bss/ModifyAccountRelation.ts';
import { app as QueryPermissionList } from '#functions/bss/QueryPermissionList.ts';
import { app as QueryRelationList } from '#functions/bss/QueryRelationList.ts';
import { app as RelieveAccountRelation } from '#functions/bss/RelieveAccountRelation.ts';
import { app as AllocateCredit } from '#functions/operator/AllocateCredit.ts';
import { app as DescribeAccount } from '#functions/operator/DescribeAccount.ts';
import { app as DescribeAccountStanding } from '#functions/operator/DescribeAccountStanding.ts';
import { app as IssueAccessKey } from '#functions/operator/IssueAccessKey.ts';
import { app as ListEvents } from '#functions/operator/ListEvents.ts';
import { app as ListRegisteredAccounts } from '#functions/operator/ListRegisteredAccounts.ts';
import { app as PutAccountStanding } from '#functions/operator/PutAccountStanding.ts';
import { app as RegisterAccount } from '#functions/operator/RegisterAccount.ts';
import { app as RevokeAccessKey } from '#functions/operator/RevokeAccessKey.ts';
import { service } from '#lib/pipeline/service.ts';

/** Every operation, as the rpc door serves them; a test holds this list against the folder. */
export const operations = [
  CancelInvitation,
  CleanUpFinancialRelation,
  CreateFinancialRelation,
  DeleteFinancialRelation,
  HandleInvitation,
  ListFinancialRelation,
  ListInvitation,
  UpdateAuth,
  AddAccountRelation,
  ConfirmRelation,
  GetAccountRelation,
  ModifyAccountRelation,
  QueryPermissionList,
  QueryRelationList,
  RelieveAccountRelation,
  AllocateCredit,
  DescribeAccount,
  DescribeAccountStanding,
  IssueAccessKey,
  ListEvents,
  ListRegisteredAccounts,
  PutAccountStanding,
  RegisterAccount,
  RevokeAccessKey,
].map(({ operation }) => operation);

/** The one-URL door: the vendors' SDKs send everything to `/` and name the operation by Action and Version. */
export const app = service(operations);
