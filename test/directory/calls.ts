import { expect } from 'vitest';
import { resourceManager } from '#lib/products/directory/product.ts';
import { newParties, type Parties } from '#test/bss/parties.ts';
import { type Answer, type Estate, type Params, type Signer, signedCall } from '#test/support/estate.ts';
import { refused } from '#test/support/refusals.ts';

/** An estate whose parent manages a directory, with the ids of that. */
export interface DirectoryEstate extends Parties {
  readonly directoryId: string;
  readonly rootFolderId: string;
}

/** An account id that is well formed and nobody's. */
export const nobody = 1_999_999_999_999_999;

export const directoryUnknown = refused(
  'DirectoryUnknown',
  'EntityNotExists.ResourceDirectory',
  'The resource directory for the account is not enabled. We recommend that you first enable the resource directory for the account.',
  404,
);
export const memberUnknown = refused(
  'MemberUnknown',
  'EntityNotExists.Account',
  'This resource directory account does not exist.',
  404,
);
export const memberUnfit = refused(
  'MemberUnfit',
  'AccountTypeOrStatusMismatch',
  'You cannot perform the action on the member account.',
  409,
);
export const folderUnknown = refused(
  'FolderUnknown',
  'EntityNotExists.Folder',
  'The resource directory folder does not exist.',
  404,
);

/** The answer to a call without a parameter that it requires. */
export function lacks(parameter: string, code = parameter, message = `You must specify ${parameter}.`): Answer {
  return refused('ParameterMissing', `MissingParameter.${code}`, message);
}

/** The answer to a call with an invalid parameter. */
export function isInvalid(parameter: string, code = parameter, message = `The ${parameter} is invalid.`): Answer {
  return refused('ParameterInvalid', `InvalidParameter.${code}`, message);
}

/** Calls an operation of the directory, signed as the vendor's SDK does. */
export async function direct(
  estate: Estate,
  by: Signer,
  action: string,
  params: Params = {},
  version: string = resourceManager,
): Promise<Answer> {
  const response = await estate.send(...signedCall(by, action, version, params));
  return { status: response.status, body: await response.json() };
}

/** The same, which must succeed. */
export async function directed(
  estate: Estate,
  by: Signer,
  action: string,
  params: Params = {},
  version: string = resourceManager,
): Promise<Answer['body']> {
  const { status, body } = await direct(estate, by, action, params, version);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

/** The whole body of an answer in XML. */
export async function directInXml(
  estate: Estate,
  by: Signer,
  action: string,
  params: Params = {},
  version: string = resourceManager,
): Promise<string> {
  const response = await estate.send(...signedCall(by, action, version, { ...params, Format: 'XML' }));
  return response.text();
}

/** Enables the parent's directory. */
export async function enabled(estate: Parties): Promise<DirectoryEstate> {
  const { ResourceDirectory } = await directed(estate, estate.parent, 'InitResourceDirectory');
  const { ResourceDirectoryId: directoryId, RootFolderId: rootFolderId } = ResourceDirectory;
  return { ...estate, directoryId, rootFolderId };
}

/** An estate whose parent manages an empty directory. */
export async function newDirectoryEstate(): Promise<DirectoryEstate> {
  return enabled(await newParties());
}

/** Creates a resource account in the parent's directory, and answers it. */
export async function created(estate: Parties, DisplayName: string, params: Params = {}): Promise<Answer['body']> {
  return (await directed(estate, estate.parent, 'CreateResourceAccount', { DisplayName, ...params })).Account;
}

/** Makes a folder in the parent's directory, in its root folder if no other is named, and answers its id. */
export async function foldered(estate: Parties, FolderName: string, ParentFolderId?: string): Promise<string> {
  return (await directed(estate, estate.parent, 'CreateFolder', { FolderName, ParentFolderId })).Folder.FolderId;
}

/** A key by which a member, or a new management account, acts itself. */
export async function signerOf({ call, operator }: Estate, AccountId: string | number): Promise<Signer> {
  const { body } = await call(operator, 'IssueAccessKey', { Uid: AccountId });
  return { uid: Number(AccountId), keyId: body.AccessKeyId, secret: body.AccessKeySecret };
}
