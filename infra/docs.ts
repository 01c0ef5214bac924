import { readFileSync } from 'node:fs';
import { openApiDocuments } from '#infra/openApi.ts';
import { operations } from '#infra/operations.ts';
import { readRecordedExamples } from '#infra/recordedExamples.ts';
import { reference } from '#infra/reference.ts';
import { stateDiagram } from '#infra/stateDiagram.ts';
import { accountRecordMachine } from '#lib/domain/directory/accountRecord.ts';
import { deletionCheckMachine, deletionMachine } from '#lib/domain/directory/deletion.ts';
import { handshakeMachine } from '#lib/domain/directory/handshake.ts';
import { memberMachine } from '#lib/domain/directory/member.ts';
import { enrolmentMachine } from '#lib/domain/governance/enrolment.ts';
import { relationMachine } from '#lib/domain/relation/relation.ts';

/** Every document that is written from declarations, by its path from the top, as it would be written now. */
export function documents(): Readonly<Record<string, string>> {
  return {
    ...Object.fromEntries(readmes.map((file) => [file, readme(file)])),
    'lib/domain/relation/relation.mmd': stateDiagram(relationMachine),
    'lib/domain/directory/member.mmd': stateDiagram(memberMachine),
    'lib/domain/directory/accountRecord.mmd': stateDiagram(accountRecordMachine),
    'lib/domain/directory/handshake.mmd': stateDiagram(handshakeMachine),
    'lib/domain/directory/deletionCheck.mmd': stateDiagram(deletionCheckMachine),
    'lib/domain/directory/deletion.mmd': stateDiagram(deletionMachine),
    'lib/domain/governance/enrolment.mmd': stateDiagram(enrolmentMachine),
    ...reference(operations),
    ...openApiDocuments(operations, readRecordedExamples()),
  };
}

/** The README, in English and in Chinese. */
const readmes = ['README.md', 'README.zh-CN.md'] as const;

/** A README as it is, with the operations of each product and the life of a relation written anew. */
function readme(file: (typeof readmes)[number]): string {
  return readFileSync(new URL(`../${file}`, import.meta.url), 'utf8')
    .replace(/^(\| `(\w+)` \|.*\| ).* \|$/gm, (row, rest: string, product: string) => {
      const own = operations.filter((operation) => operation.product.name === product);
      return own.length === 0 ? row : `${rest}${own.map(({ action }) => action).join(', ')} |`;
    })
    .replace(/^```mermaid\n.*?^```$/ms, () => `\`\`\`mermaid\n${stateDiagram(relationMachine)}\`\`\``);
}
