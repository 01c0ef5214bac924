import * as v from 'valibot';
import { integer, text } from '#lib/dialects/fields.ts';
import { MOST_MONEY, type Standing } from '#lib/domain/account.ts';
import { type FactoryStatus, factoryStatuses } from '#lib/domain/governance/factory.ts';
import { policies, relationStatuses } from '#lib/domain/relation/relation.ts';
import { Refusal } from '#lib/errors.ts';

/** Account uids are 16 digits (Alibaba Cloud's way) or 10 (Volcengine's). */
export const accountUid = v.pipe(
  v.union([v.string(), v.pipe(v.number(), v.transform(String))]),
  v.regex(/^[1-9](?:\d{9}|\d{15})$/),
  v.transform(Number),
  v.safeInteger(),
  v.description('The uid of an account: 16 digits, or 10.'),
);

export const accessKeyId = v.pipe(v.string(), v.regex(/^[\w.=+-]{4,128}$/), v.description('The id of an access key.'));

/** The same under a name that a request signed the RPC 1.0 way does not need for its own key. */
export const userAccessKeyId = v.pipe(accessKeyId, v.description('AccessKeyId, for requests signed with RPC 1.0.'));

/** The key that is meant, under either name. Throws `ParameterInvalid` for two that differ. */
export function keyIdIn(named: {
  readonly AccessKeyId?: string | undefined;
  readonly UserAccessKeyId?: string | undefined;
}): string | undefined {
  const { AccessKeyId, UserAccessKeyId = AccessKeyId } = named;
  if (UserAccessKeyId !== (AccessKeyId ?? UserAccessKeyId)) {
    throw new Refusal('ParameterInvalid', { parameter: 'UserAccessKeyId', fault: 'value' });
  }
  return UserAccessKeyId;
}

export const accessKeySecret = v.pipe(text(256), v.minLength(8), v.description('A secret of at least 8 characters.'));

/** An account as operators see it; times are ISO 8601 in UTC. */
export const accountView = {
  Uid: v.number(),
  Name: v.string(),
  LegalName: v.string(),
  Email: v.optional(v.string()),
  CreateTime: v.string(),
};

/** A relation as operators see it, in the words of this service. */
export const relationView = v.object({
  RelationId: v.number(),
  ParentUid: v.number(),
  ChildUid: v.number(),
  Policy: v.picklist(policies),
  Status: v.picklist(relationStatuses),
});

/** An amount of money: whole minor units, of either sign. */
export const amount = v.pipe(
  v.union([v.number(), v.pipe(v.string(), v.regex(/^-?\d{1,16}$/), v.transform(Number))]),
  v.safeInteger(),
  v.minValue(-MOST_MONEY),
  v.maxValue(MOST_MONEY),
);

/** An account's financial standing; money in minor units. */
export const standingView = v.object({
  Uid: v.number(),
  AvailableBalance: v.number(),
  Arrears: v.number(),
  OpenOrders: v.number(),
  Frozen: v.boolean(),
});

/** The parts of a standing that a request names. */
export function saidOf({ AvailableBalance, Arrears, OpenOrders, Frozen }: SaidStanding): Partial<Standing> {
  return {
    ...(AvailableBalance !== undefined && { availableBalance: AvailableBalance }),
    ...(Arrears !== undefined && { arrears: Arrears }),
    ...(OpenOrders !== undefined && { openOrders: OpenOrders }),
    ...(Frozen !== undefined && { frozen: Frozen }),
  };
}

interface SaidStanding {
  readonly AvailableBalance?: number | undefined;
  readonly Arrears?: number | undefined;
  readonly OpenOrders?: number | undefined;
  readonly Frozen?: boolean | undefined;
}

export const maxResults = v.pipe(integer(1, 100), v.description('Rows a page, at most 100.'));

export const nextToken = v.pipe(
  v.string(),
  v.maxLength(1024),
  v.description('Where the page before ended, as it said.'),
);

/** The statuses of an account factory, as operators put them. */
export const factoryStatusNames = {
  ready: 'Ready',
  structureMissing: 'StructureMissing',
  missing: 'Missing',
  suspended: 'Suspended',
  deploying: 'Deploying',
} as const satisfies Record<FactoryStatus, string>;

export const factoryStatus = v.pipe(
  v.picklist(Object.values(factoryStatusNames)),
  v.transform((name) => factoryStatuses.find((status) => factoryStatusNames[status] === name) ?? 'ready'),
  v.description('Ready, which it is from the start; in any other status it enrols no account.'),
);
