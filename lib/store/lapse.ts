import type { Call } from '#lib/call.ts';
import { relationIdOf } from '#lib/store/keys.ts';
import { fireEither } from '#lib/store/relations/changes.ts';
import type { Write } from '#lib/table/commit.ts';
import type { Key } from '#lib/table/table.ts';

/** For each kind of item that waits for a deadline (its sort key): what its lapsing writes. A new kind declares itself here. */
const lapses: Readonly<Record<string, (key: Key, call: Call) => Write>> = {
  RELATION: (key, call) => fireEither(['expire', 'lapseChange'], { relationId: relationIdOf(key), call }),
};

/** The write by which an overdue item lapses, under the same guards as any other transition. */
export function lapse(key: Key, call: Call): Write {
  const ofKind = Object.hasOwn(lapses, key.sk) ? lapses[key.sk] : undefined;
  if (ofKind === undefined) throw new Error(`nothing says how ${key.pk} ${key.sk} lapses`);
  return ofKind(key, call);
}
