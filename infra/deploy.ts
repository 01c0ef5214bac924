import { join } from 'node:path';
import { bundle, bundleFolder } from '#infra/bundle.ts';
import { deployedFunctions } from '#infra/deployed.ts';
import { deployWordsIn } from '#infra/deployWords.ts';
import { StartError } from '#infra/local/startError.ts';
import { removeStack, runOsls } from '#infra/osls.ts';
import { render } from '#infra/render.ts';
import { productOf, stacksOf } from '#infra/stacks.ts';

// npm run build, package, deploy and remove: all stacks of a stage, in their order (docs/operations.md).
try {
  const all = await deployedFunctions();
  const names = stacksOf(all).map(({ name }) => name);
  const { command, only, without, folder, maps, rest } = deployWordsIn(process.argv.slice(2), names);
  const kept = all.filter((deployed) => !without.includes(productOf(deployed) ?? ''));
  const wanted = names.filter((name) => !without.includes(name) && (only.length === 0 || only.includes(name)));
  const packageOf = (name: string) => ['--package', join(folder, name), ...rest];

  await bundle(kept, maps ? 'with maps' : 'without maps');
  render(all, without);
  if (command === 'build') process.stdout.write(`${kept.length} functions bundled into ${bundleFolder}\n`);
  if (command === 'remove') {
    // Stacks that import from the core are removed before it.
    for (const name of wanted.toReversed()) await removeStack(name, rest);
  }
  if (command === 'package' || command === 'deploy') {
    // Nothing is deployed unless every stack can be packaged.
    for (const name of wanted) await runOsls('package', name, packageOf(name));
  }
  if (command === 'deploy') {
    for (const name of wanted) await runOsls('deploy', name, packageOf(name));
    // The door deployed above does not know these products any more.
    if (only.length === 0) for (const name of without) await removeStack(name, rest);
  }
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
