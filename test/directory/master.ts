import { resourceDirectoryMaster } from '#lib/products/directory/product.ts';
import { direct, directed, directInXml } from '#test/directory/calls.ts';
import type { Answer, Estate, Params, Signer } from '#test/support/estate.ts';

/** Calls an operation of the directory in its later version. */
export function inMaster(estate: Estate, by: Signer, action: string, params: Params = {}): Promise<Answer> {
  return direct(estate, by, action, params, resourceDirectoryMaster);
}

/** The same, which must succeed. */
export function master(estate: Estate, by: Signer, action: string, params: Params = {}): Promise<Answer['body']> {
  return directed(estate, by, action, params, resourceDirectoryMaster);
}

/** The whole body of its answer in XML. */
export function masterInXml(estate: Estate, by: Signer, action: string, params: Params = {}): Promise<string> {
  return directInXml(estate, by, action, params, resourceDirectoryMaster);
}
