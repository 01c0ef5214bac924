import { expect } from 'vitest';
import { governance } from '#lib/products/governance/product.ts';
import { direct } from '#test/directory/calls.ts';
import type { Answer, Estate, Params, Signer } from '#test/support/estate.ts';
import { invalid, refused } from '#test/support/refusals.ts';

export const notManagement = refused(
  'DirectoryUnknown',
  'InvalidUser.NotResourceDirectoryMaster',
  'The specified account is not a master account of resource directory.',
  403,
);

export const unverified = refused(
  'AccountUnverified',
  'InvalidEnterpriseRealName.NotFound',
  'The specified account has not passed enterprise real name verification. Please complete the verification for the account first.',
  404,
);

/** The answer to a call with an invalid parameter. */
export function isInvalid(parameter: string, reason = 'ParameterInvalid'): Answer {
  return invalid(reason, `The specified parameter ${parameter} is not valid.`);
}

/** Calls an operation of the account factory, signed as the vendor's SDK does. */
export function govern(estate: Estate, by: Signer, action: string, params: Params = {}): Promise<Answer> {
  return direct(estate, by, action, params, governance.version);
}

/** The same, which must succeed. */
export async function governed(estate: Estate, by: Signer, action: string, params?: Params): Promise<Answer['body']> {
  const { body, status } = await govern(estate, by, action, params);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}
