import * as v from 'valibot';

/** The only version that items are known in (docs/vendors/alibaba-governance.md 2.5). */
export const ITEM_VERSION = '1.0';

/** What the items that were applied to an account have left on it: JSON, by the item's name. */
export type Configuration = Readonly<Record<string, unknown>>;

/** An account that an item is applied to, as it looks before. */
export interface ItemTarget {
  readonly uid: number;
  readonly managementUid: number;
  readonly configuration: Configuration;
}

/** Why an item cannot be applied: in the words of the cloud service that refuses (docs/vendors/alibaba-governance.md 5.3). */
export class ItemFailure {
  readonly code: string;
  readonly message: string;
  /** The service that refuses. */
  readonly product: string;

  constructor(product: string, code: string, message: string) {
    this.product = product;
    this.code = code;
    this.message = message;
  }
}

/** What follows from applying an item. */
export interface Applied {
  /** What the item leaves on the account: JSON. */
  readonly after: object;
  /** The names that it has by the item and no other account may have. */
  readonly claims: readonly string[];
}

/** An item of baselines: a unit of configuration that is applied to an account. */
export interface ItemKind {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  /** The names of the items that have to be applied before. */
  readonly dependsOn: readonly string[];
  /** Whether a text is a JSON object of the item's schema. */
  accepts(config: string): boolean;
  /**
   * Applies the item; without a configuration, that of an empty object. Applying it twice leaves what once does. The configuration must
   * be one that is accepted.
   */
  apply(config: string | undefined, target: ItemTarget): Applied | ItemFailure;
  /** The failure if another account has a name that it would claim. */
  readonly claimRefused: ItemFailure | undefined;
}

/** An account that an item is applied to, with what this item has left on it before. */
interface Applying<State> extends ItemTarget {
  readonly before: State | undefined;
}

interface Declared<Config, State extends object> {
  readonly name: string;
  readonly description: string;
  readonly dependsOn?: readonly string[];
  /** The schema of its configuration. An empty object must be of it. */
  readonly config: v.GenericSchema<unknown, Config>;
  /** What it leaves on an account. */
  readonly state: v.GenericSchema<object, State>;
  apply(config: Config, target: Applying<State>): State | ItemFailure;
  readonly claims?: { in(state: State): readonly string[]; readonly refused: ItemFailure };
}

/** As much as a row of the table bears, less what else is in it. */
const MOST_BYTES = 300_000;

const tooMuch = new ItemFailure(
  'governance',
  'LimitExceeded.Configuration',
  'The configuration of the account would be too long.',
);

/** Declares an item. */
export function itemKind<Config, State extends object>(declared: Declared<Config, State>): ItemKind {
  const { claims, config: schema, dependsOn = [], description, name, state } = declared;
  const accepted = v.pipe(v.string(), v.parseJson(), v.check(isNoList), schema);
  return {
    name,
    version: ITEM_VERSION,
    description,
    dependsOn,
    claimRefused: claims?.refused,
    accepts: (config) => v.safeParse(accepted, config, { abortPipeEarly: true }).success,
    apply(config = '{}', target) {
      const before = stateIn(target.configuration, { name, state });
      const after = declared.apply(v.parse(schema, JSON.parse(config)), { ...target, before });
      if (after instanceof ItemFailure) return after;
      if (Buffer.byteLength(JSON.stringify(after)) > MOST_BYTES) return tooMuch;
      return { after, claims: claims?.in(after) ?? [] };
    },
  };
}

/** What an item has left on an account; undefined if it was never applied. */
export function stateIn<State extends object>(
  configuration: Configuration,
  { name, state }: Pick<Declared<unknown, State>, 'name' | 'state'>,
): State | undefined {
  const left = configuration[name];
  return left === undefined ? undefined : v.parse(state, left);
}

/** A list in which some elements replace those that go by the same name; the others are added. */
export function merged<T>(before: readonly T[], added: readonly T[], nameOf: (one: T) => string): T[] {
  return [...new Map([...before, ...added].map((one) => [nameOf(one), one])).values()];
}

/** To valibot a list is an object, too. */
function isNoList(json: unknown): boolean {
  return !Array.isArray(json);
}
