import { join } from 'node:path';
import { bundleFolder, writeChanged } from '#infra/bundle.ts';
import type { Deployed } from '#infra/deployed.ts';
import type { Template } from '#infra/names.ts';
import { samTemplate } from '#infra/samTemplate.ts';
import { localFile, productOf, stackFile, stacksOf } from '#infra/stacks.ts';

/**
 * Writes what serverless.yml includes for each stack, and the template for `sam local`. Products that are left out
 * still get a stack, so that it can be removed, but the door does not know them.
 */
export function render(all: readonly Deployed[], without: readonly string[] = []): void {
  const kept = all.filter((deployed) => !without.includes(productOf(deployed) ?? ''));
  for (const stack of stacksOf(all)) write(`deploy/${stack.name}.json`, stackFile(stack, kept));
  write('deploy/local.json', localFile(kept));
  write('sam/template.json', samTemplate(kept));
}

function write(file: string, content: Template): void {
  writeChanged(join(bundleFolder, file), Buffer.from(`${JSON.stringify(content, undefined, 2)}\n`));
}
