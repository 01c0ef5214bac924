import { BUNDLE_LIMIT_BYTES, bundle } from '#infra/bundle.ts';

/** Bytes by what they came from: a package, or `tributary` itself. */
function sourcesOf(
  inputs: Readonly<Record<string, { readonly bytesInOutput: number }>>,
): [source: string, bytes: number][] {
  const bySource = new Map<string, number>();
  for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
    const source = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? 'tributary';
    bySource.set(source, (bySource.get(source) ?? 0) + bytesInOutput);
  }
  return [...bySource].sort(([, one], [, other]) => other - one);
}

const kB = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`;

const { outputs } = await bundle();
let isOver = false;
for (const [file, { bytes, inputs }] of Object.entries(outputs)) {
  if (!file.endsWith('.mjs')) continue;
  isOver ||= bytes > BUNDLE_LIMIT_BYTES;
  const parts = sourcesOf(inputs)
    .slice(0, 6)
    .map(([source, size]) => `${source} ${kB(size)}`);
  const name = file.slice('.build/'.length, -'.mjs'.length);
  process.stdout.write(`${name.padEnd(36)} ${kB(bytes).padStart(9)}  ${parts.join(', ')}\n`);
}
if (isOver) {
  process.stderr.write(`A bundle is over the limit of ${kB(BUNDLE_LIMIT_BYTES)}.\n`);
  process.exitCode = 1;
}
