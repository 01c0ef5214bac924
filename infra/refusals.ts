import { policies } from '#lib/domain/relation/relation.ts';
import { answerTo, type ErrorAnswer, type ErrorCatalogue, type Reason, type Reasons, Refusal } from '#lib/errors.ts';
import type { Operation } from '#lib/pipeline/declaration.ts';
import { versionsOf } from '#lib/pipeline/route.ts';
import type { Product } from '#lib/products/product.ts';

/** Placeholders for facts in messages, for numbers too. */
const facts = {
  action: '{Action}',
  version: '{Version}',
  method: '{method}',
  path: '{path}',
  product: '{product}',
  parameter: '{parameter}' as never,
  fault: 'value',
  alternatives: '{parameters}',
  limitBytes: '{limit}' as never,
  most: '{most}' as never,
  least: '{least}' as never,
  mediaType: '{type}',
  name: '{name}',
  blueprint: '{blueprint}',
  item: '{item}',
  dependency: '{dependency}',
  fact: 'parentUid',
  party: 'child',
  policy: 'management',
  uid: '{uid}' as never,
  lentCredit: '{lent}' as never,
  alias: '{alias}',
  email: '{email}',
  keyId: '{id}',
} as const;

/** One answer of an operation, and the reasons it is given for, each with the versions where it is. */
export interface Refused {
  readonly answer: ErrorAnswer;
  readonly reasons: ReadonlyMap<Reason, ReadonlySet<string>>;
}

/** What an operation refuses for, by answer: a reason whose answer depends on the policy, or on the version, is at several. */
export function refusalsOf(operation: Operation, reasons: readonly Reason[] = operation.errors): Refused[] {
  const { access, catalogue = {}, product, versions = {} } = operation;
  const party = access === 'operator' ? 'account' : facts.party;
  const alike = new Map<string, { answer: ErrorAnswer; reasons: Map<Reason, Set<string>> }>();
  for (const reason of reasons) {
    for (const [version, policy] of versionsOf(operation).flatMap((one) =>
      policies.map((policy) => [one, policy] as const),
    )) {
      const catalogues = [versions[version]?.catalogue ?? {}, catalogue, product.errors];
      const answer = answerOf(reason, { ...facts, party, policy }, catalogues);
      const { reasons: those } = alike.get(JSON.stringify(answer)) ?? { reasons: new Map<Reason, Set<string>>() };
      those.set(reason, new Set([...(those.get(reason) ?? []), version]));
      alike.set(JSON.stringify(answer), { answer, reasons: those });
    }
  }
  return [...alike.values()];
}

/** The reasons of an answer. One that is given it in some of the operation's versions alone names these. */
export function reasonsOf({ reasons }: Refused, versions: number): string {
  const named = [...reasons].map(([reason, those]) =>
    those.size === versions ? reason : `${reason} (${[...those].join(', ')})`,
  );
  return named.join(', ');
}

/** How a product refuses for a reason, where the operation has no words of its own. */
export function commonAnswer({ errors }: Pick<Product, 'errors'>, reason: Reason): ErrorAnswer {
  return answerOf(reason, facts, [errors]);
}

function answerOf(reason: Reason, about: Reasons[Reason], catalogues: readonly Partial<ErrorCatalogue>[]): ErrorAnswer {
  const answer = answerTo(new Refusal(reason, about), catalogues);
  if (answer === undefined) throw new Error(`nobody has words for ${reason}`);
  return answer;
}
