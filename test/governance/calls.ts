import { expect } from 'vitest';
import { governance } from '#lib/products/governance/product.ts';
import { type DirectoryEstate, direct } from '#test/directory/calls.ts';
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

export const baselineUnknown = refused(
  'BaselineUnknown',
  'InvalidBaseline.NotFound',
  'The specified baseline does not exist.',
  404,
);

export function itemUnknown(name: string): Answer {
  const message = `The specified baseline item named ${name} does not exist.`;
  return refused('ItemUnknown', 'InvalidBaselineItem.NotFound', message, 404);
}

/** An item of a baseline, as requests and answers have it. */
export interface Item {
  readonly Name: string;
  readonly Version?: string;
  readonly Config?: string;
  /** Only where an account is enrolled. */
  readonly Skip?: boolean;
}

export const passwordPolicy = 'ACS-BP_ACCOUNT_FACTORY_RAM_USER_PASSWORD_POLICY';
export const securityPreference = 'ACS-BP_ACCOUNT_FACTORY_RAM_SECURITY_PREFERENCE';
export const services = 'ACS-BP_ACCOUNT_FACTORY_SUBSCRIBE_SERVICES';
export const contacts = 'ACS-BP_ACCOUNT_FACTORY_ACCOUNT_CONTACT';
export const notifications = 'ACS-BP_ACCOUNT_FACTORY_ACCOUNT_NOTIFICATION';
export const presetTags = 'ACS-BP_ACCOUNT_FACTORY_PRESET_TAG';
export const roles = 'ACS-BP_ACCOUNT_FACTORY_RAM_ROLE';
export const defaultDomain = 'ACS-BP_ACCOUNT_FACTORY_RAM_DEFAULT_DOMAIN';
export const networks = 'ACS-BP_ACCOUNT_FACTORY_VPC';

/** Items in the flattened form of the vendor's clients. */
export function flat(items: readonly Item[]): Record<string, string> {
  return Object.fromEntries(
    items.flatMap((item, index) =>
      Object.entries(item).map(([field, value]) => [`BaselineItems.${index + 1}.${field}`, String(value)]),
    ),
  );
}

/** Makes a baseline of the parent's directory, and answers its id. */
export async function baselined(estate: DirectoryEstate, params: Params = {}): Promise<string> {
  return (await governed(estate, estate.parent, 'CreateAccountFactoryBaseline', params)).BaselineId;
}

/** A baseline of the parent's directory, without the request's id; the system baseline if no other is named. */
export async function baselineOf(estate: DirectoryEstate, BaselineId?: string): Promise<Answer['body']> {
  const { RequestId: _, ...own } = await governed(estate, estate.parent, 'GetAccountFactoryBaseline', { BaselineId });
  return own;
}
