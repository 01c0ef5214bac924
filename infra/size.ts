import { BUNDLE_LIMIT_BYTES, bundle } from '#infra/bundle.ts';
import { type FirstLoad, firstLoads, tooLarge } from '#infra/bundleSizes.ts';

// npm run size: what each function loads to answer its first call, with the number of its files if there are several.
const SOURCES = 6;
const kB = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`;
const row = (name: string, bytes: number, parts: readonly string[]) =>
  `${name.padEnd(54)} ${kB(bytes).padStart(9)}  ${parts.join(', ')}\n`;

function rowOf({ name, files, bytes, sources }: FirstLoad): string {
  const parts = sources.slice(0, SOURCES).map(([source, size]) => `${source} ${kB(size)}`);
  return row(name, bytes, files.length === 1 ? parts : [`${files.length} files`, ...parts]);
}

const loads = firstLoads(await bundle());
for (const load of loads) process.stdout.write(rowOf(load));
for (const { name, bytes } of tooLarge(loads)) {
  process.stderr.write(`${name} loads ${kB(bytes)} for its first call, over the limit of ${kB(BUNDLE_LIMIT_BYTES)}.\n`);
  process.exitCode = 1;
}
