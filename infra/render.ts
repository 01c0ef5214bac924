import { join } from 'node:path';
import { accessLogFormat } from '#infra/api.ts';
import { bundleFolder } from '#infra/bundle.ts';
import { deployedFunctions } from '#infra/deployed.ts';
import type { Template } from '#infra/names.ts';
import { samTemplate } from '#infra/samTemplate.ts';
import { serverlessFunctions } from '#infra/serverless.ts';
import { stack } from '#infra/stack.ts';
import { writeChanged } from '#infra/writeChanged.ts';

/** Writes what serverless.yml includes, and the template for `sam local`, from the functions there are. */
export async function render(): Promise<void> {
  const all = await deployedFunctions();
  write('deploy/functions.json', serverlessFunctions(all));
  write('deploy/resources.json', stack(all));
  write('deploy/api.json', { accessLogFormat });
  write('sam/template.json', samTemplate(all));
}

function write(file: string, content: Template): void {
  writeChanged(join(bundleFolder, file), Buffer.from(`${JSON.stringify(content, undefined, 2)}\n`));
}
