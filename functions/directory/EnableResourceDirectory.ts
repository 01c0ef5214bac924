import * as v from 'valibot';
import { optionalField } from '#lib/dialects/fields.ts';
import { newDirectory } from '#lib/domain/directory/directory.ts';
import { founderOf } from '#lib/domain/directory/joining.ts';
import { refuseUnproven } from '#lib/domain/directory/verificationCode.ts';
import { Refusal } from '#lib/errors.ts';
import { operation } from '#lib/operation.ts';
import { newResourceDirectory, resourceDirectoryViewOf } from '#lib/products/directory/directoryViews.ts';
import { enableMode, managementAccountName, securePhone, verificationCode } from '#lib/products/directory/fields.ts';
import { directory, directoryEnvelope } from '#lib/products/directory/product.ts';
import { enable, enableAnew } from '#lib/store/directory/enabling.ts';

const inNewMode = 'Required where EnableMode is NewManagementAccount.';

export const app = operation({
  action: 'EnableResourceDirectory',
  product: directory,
  envelope: directoryEnvelope,
  access: 'account',
  effect: 'write',
  input: v.object({
    EnableMode: enableMode,
    MAName: optionalField(managementAccountName, inNewMode),
    MASecureMobilePhone: optionalField(securePhone, inNewMode),
    VerificationCode: optionalField(verificationCode, inNewMode),
  }),
  output: v.object({ ResourceDirectory: newResourceDirectory }),
  errors: [
    'AccountInDirectory',
    'AccountUnverified',
    'DirectoryExists',
    'ManagementNameTaken',
    'VerificationCodeWrong',
    'PhoneMissing',
    'VerificationCodeMissing',
  ],
  async run({ input: { EnableMode, MAName, MASecureMobilePhone, VerificationCode }, call, deps }) {
    const { ids } = deps.ports;
    const caller = await deps.accounts.find(call.uid);
    if (caller === undefined || caller.legalName === '') throw new Refusal('AccountUnverified', {});
    const named = { id: `rd-${ids.alphanumeric(6)}`, rootFolderId: `r-${ids.alphanumeric(6)}` };
    if (EnableMode === 'CurrentAccount') {
      const enabled = newDirectory({ ...named, managementUid: caller.uid }, call.nowMs);
      return { output: { ResourceDirectory: resourceDirectoryViewOf(enabled, caller) }, write: enable(enabled, call) };
    }
    if (MAName === undefined) throw new Refusal('ParameterInvalid', { parameter: 'MAName', fault: 'format' });
    const proof = { uid: caller.uid, phone: MASecureMobilePhone, code: VerificationCode };
    const refuseAt = (nowMs: number) => refuseUnproven(deps.keyring.digest, proof, nowMs);
    refuseAt(call.nowMs);
    const management = { uid: ids.uid(), name: MAName, legalName: caller.legalName, createdAtMs: call.nowMs };
    const enabled = newDirectory({ ...named, managementUid: management.uid }, call.nowMs);
    return {
      output: { ResourceDirectory: resourceDirectoryViewOf(enabled, management) },
      write: enableAnew(enabled, management, founderOf(enabled, caller, call.nowMs), call, refuseAt),
    };
  },
});
