import { isUnderWay } from '#lib/domain/directory/deletion.ts';
import { isInDirectory } from '#lib/domain/directory/member.ts';
import { isEnrolling } from '#lib/domain/governance/enrolment.ts';
import { statusesInEffect } from '#lib/domain/relation/relation.ts';
import { accountRow } from '#lib/store/accounts.ts';
import { deletionOf } from '#lib/store/directory/deletions.ts';
import { memberOf } from '#lib/store/directory/members.ts';
import { configurationRow } from '#lib/store/governance/configurations.ts';
import { enrolmentOf } from '#lib/store/governance/enrolments.ts';
import { relationOf } from '#lib/store/relations/rows.ts';
import { tallyRow } from '#lib/store/relations/tallies.ts';
import type { Row } from '#lib/table/table.ts';

/** What a table says of the same thing in two places: as the thing itself, and as a count or a claim. Both under the same names. */
export interface Coherence {
  readonly things: Readonly<Record<string, unknown>>;
  readonly counts: Readonly<Record<string, unknown>>;
}

/** What has to agree in a table at rest, when no work is left and each event is filed. */
export function coherenceOf(rows: readonly Row[]): Coherence {
  const ofType = (type: string) => rows.filter((row) => row['type'] === type);
  const members = ofType('member').map(memberOf).filter(isInDirectory);
  const enrolments = ofType('enrolment').map(enrolmentOf);
  const relations = ofType('relation').map(relationOf);
  const inEffect = relations.filter(({ status }) => statusesInEffect.includes(status));
  const tallies = ofType('tally').map((row) => [row.pk, tallyRow.read(row)] as const);
  const configurations = ofType('configuration').map((row) => configurationRow.read(row));
  const claims = (type: string) => ofType(type).filter((row) => row['untilMs'] === undefined);
  return {
    things: {
      seats: countsOf([
        ...members.map(({ managementUid }) => `ACCOUNT#${managementUid}`),
        ...members.map(({ folderPath }) => `FOLDER#${folderPath.at(-1)}`),
        ...enrolments.filter(({ isCounted }) => isCounted).map(({ baselineId }) => `BASELINE#${baselineId}`),
      ]),
      names: members.map((one) => `MEMBERNAME#${one.managementUid}#${one.displayName} ${one.uid}`).toSorted(),
      addresses: ofType('account')
        .map((row) => accountRow.read(row))
        .filter(({ name }) => !isUnclaimed(name))
        .map(({ name, uid }) => `EMAIL#${name.toLowerCase()} ${uid}`)
        .toSorted(),
      itemNames: configurations
        .flatMap(({ claims, item, uid }) => claims.map((name) => `CLAIM#${item}#${name} ${uid}`))
        .toSorted(),
      relations: Object.fromEntries(
        tallies.map(([pk]) => {
          const own = relations.filter(({ parentUid }) => pk === `ACCOUNT#${parentUid}`);
          return [pk, { ...countsOf(own.map(({ countedAs, status }) => countedAs ?? status)), listed: own.length }];
        }),
      ),
      children: inEffect.map(({ childUid }) => childUid).toSorted(),
      underWay: [],
    },
    counts: {
      seats: countsOf(ofType('seats').flatMap(({ members, pk }) => Array<string>(Number(members)).fill(pk))),
      names: claims('memberName')
        .map(({ holder, pk }) => `${pk} ${holder}`)
        .toSorted(),
      addresses: claims('email')
        .map(({ pk, uid }) => `${pk} ${uid}`)
        .toSorted(),
      itemNames: claims('claim')
        .map(({ pk, uid }) => `${pk} ${uid}`)
        .toSorted(),
      relations: Object.fromEntries(
        tallies.map(([pk, { closed, frozen, endedTrusteeships, trusteeships, v, ...counts }]) => [
          pk,
          Object.fromEntries(Object.entries(counts).filter(([name, count]) => count !== 0 || name === 'listed')),
        ]),
      ),
      children: [...new Set(inEffect.map(({ childUid }) => childUid))].toSorted(),
      underWay: [...ofType('deletion').map(deletionOf).filter(isUnderWay), ...enrolments.filter(isEnrolling)],
    },
  };
}

/** Whether an account was registered under a name that nobody has to own. */
function isUnclaimed(name: string): boolean {
  return name.endsWith('@test');
}

function countsOf(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
