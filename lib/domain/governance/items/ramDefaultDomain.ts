import * as v from 'valibot';
import { ItemFailure, itemKind } from '#lib/domain/governance/itemKind.ts';

const MOST_CHARACTERS = 64;

const domainName = v.pipe(v.string(), v.maxLength(MOST_CHARACTERS), v.regex(/^[\w.][\w.-]{0,49}[\w.]\.onaliyun\.com$/));

const domainTaken = new ItemFailure(
  'Ims',
  'EntityAlreadyExists.DefaultDomain',
  'The default domain name already exists.',
);

/** The domain that RAM users log on under, which no other account has; unless one is chosen, it is the account's uid. */
export const ramDefaultDomain = itemKind({
  name: 'ACS-BP_ACCOUNT_FACTORY_RAM_DEFAULT_DOMAIN',
  description: 'The default domain that RAM users log on under.',
  config: v.object({ DefaultDomainName: v.optional(domainName) }),
  state: v.object({ DefaultDomainName: domainName }),
  apply({ DefaultDomainName }, { uid }) {
    const own = `${uid}.onaliyun.com`;
    // The uid of another account is its domain by default, whether that account is enrolled or not.
    if (DefaultDomainName && DefaultDomainName !== own && /^\d{16}\./.test(DefaultDomainName)) return domainTaken;
    return { DefaultDomainName: DefaultDomainName ?? own };
  },
  claims: { in: ({ DefaultDomainName }) => [DefaultDomainName.toLowerCase()], refused: domainTaken },
});
