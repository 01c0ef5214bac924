import { operations } from '#functions/rpc.ts';
import { reference } from '#infra/reference.ts';
import { stateDiagram } from '#infra/stateDiagram.ts';
import { relationMachine } from '#lib/domain/relation/relation.ts';

/** Every document that is drawn from declarations, by its path from the top, as it would be written now. */
export function documents(): Readonly<Record<string, string>> {
  return {
    'lib/domain/relation/relation.mmd': stateDiagram(relationMachine),
    'docs/reference.md': reference(operations),
  };
}
