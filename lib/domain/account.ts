/** A registered cloud account: a party of relations. */
export interface Account {
  readonly uid: number;
  /** The login name other parties see. */
  readonly name: string;
  /** The verified enterprise name; empty until the account is verified. */
  readonly legalName: string;
  readonly email?: string | undefined;
  readonly createdAtMs: number;
}

/** Whether both are verified under one name; two unverified accounts do not count as the same (reference alibaba-bss 2.4). */
export function haveSameLegalName(one: Pick<Account, 'legalName'>, other: Pick<Account, 'legalName'>): boolean {
  return one.legalName !== '' && one.legalName === other.legalName;
}
