import type { ErrorAnswer, ErrorCatalogue, Fault } from '#lib/errors.ts';

/** What this product calls a parameter in its codes, and in its sentences (docs/vendors/alibaba-resource-directory.md, appendix A). */
const parameters: Readonly<Record<string, Wording>> = {
  DisplayName: {
    code: 'Account.DisplayName',
    missing: 'You must specify DisplayName.',
    invalid: 'The DisplayName of account is invalid.',
    tooLong: 'The DisplayName of the account exceeds the length limit.',
  },
  AccountNamePrefix: {
    code: 'Account.AccountNamePrefix',
    invalid: 'The account name prefix is invalid.',
    tooLong: 'The account name prefix exceeds the length limit.',
  },
  FolderName: {
    code: 'Folder.Name',
    missing: 'You must specify the resource folder name.',
    invalid: 'The Name of folder is invalid.',
    tooLong: 'The Name of folder exceeds the length limit.',
  },
  MAName: {
    code: 'ManagementAccountName',
    invalid: 'The management account name is in the wrong format.',
    status: 409,
  },
  MASecureMobilePhone: {
    code: 'ManagementAccountSecurityInfo',
    invalid: 'The parameter management account secure mobile phone is invalid.',
    status: 409,
  },
  Status: { invalid: 'The specified Status is invalid.' },
  Note: { tooLong: 'The length of the invitation note exceeds the limit.' },
  NextToken: { tooLong: 'The maximum length of NextToken (256 characters) is exceeded.' },
};

/** The same parameters under the names they have where something is changed. */
const synonyms: Readonly<Record<string, string>> = { NewDisplayName: 'DisplayName', NewFolderName: 'FolderName' };

interface Wording {
  readonly code?: string;
  readonly missing?: string;
  readonly invalid?: string;
  readonly tooLong?: string;
  /** Of an invalid value; 400 if it is not given. */
  readonly status?: number;
}

/** Words for parameters that are missing or invalid. */
export const parameterWords = {
  ParameterMissing: ({ parameter }) => missingParameter(parameter),
  ParameterInvalid: ({ fault, parameter }) => invalidParameter(parameter, fault),
} satisfies Partial<ErrorCatalogue>;

function missingParameter(parameter: string): ErrorAnswer {
  const { code, missing } = wordingOf(parameter);
  return {
    status: 400,
    code: `MissingParameter.${code ?? parameter}`,
    message: missing ?? `You must specify ${parameter}.`,
  };
}

function invalidParameter(parameter: string, fault: Fault): ErrorAnswer {
  const { code, invalid, status = 400, tooLong } = wordingOf(parameter);
  const general = { status, code: `InvalidParameter.${code ?? parameter}` };
  if (fault === 'length' && tooLong !== undefined)
    return { ...general, code: `${general.code}.Length`, message: tooLong };
  return { ...general, message: invalid ?? `The ${parameter} is invalid.` };
}

function wordingOf(parameter: string): Wording {
  const name = Object.hasOwn(synonyms, parameter) ? (synonyms[parameter] ?? parameter) : parameter;
  return (Object.hasOwn(parameters, name) ? parameters[name] : undefined) ?? {};
}
