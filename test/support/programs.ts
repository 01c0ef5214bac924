import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type BuildOptions, build } from 'esbuild';
import { builtInFunctions } from '#infra/builtIn.ts';
import { writeChanged } from '#infra/bundle.ts';
import { runFolder } from '#test/support/refusalLog.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const sources = {
  tributary: 'infra/cli/main.ts',
  operatorKey: 'infra/operatorKey.ts',
  killBefore: fileURLToPath(new URL('./killBefore.ts', import.meta.url)),
} as const;

/** Programs look for the repository from where their source is. */
const place = join(root, 'infra/cli/main.ts');

const options = {
  absWorkingDir: root,
  bundle: true,
  // A command is read without what only the others use.
  splitting: true,
  write: false,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  mainFields: ['module', 'main'],
  logLevel: 'warning',
  outExtension: { '.js': '.mjs' },
  define: { 'import.meta.dirname': JSON.stringify(join(root, 'infra')), 'import.meta.url': urlOf(place) },
  banner: {
    js: `import{createRequire as __createRequire}from'node:module';const require=__createRequire(${urlOf(place)});`,
  },
  plugins: [builtInFunctions],
} as const satisfies BuildOptions;

/**
 * One of our programs as a file of JavaScript, of the same modules. It starts in a quarter of the time that tsx takes, which reads,
 * compiles and hands over each module by itself. Built once in a test run.
 */
export async function builtProgram(name: keyof typeof sources): Promise<string> {
  const outdir = join(runFolder(), 'programs');
  const file = join(outdir, `${name}.mjs`);
  if (!existsSync(file)) {
    const { outputFiles } = await build({ ...options, entryPoints: { [name]: sources[name] }, outdir });
    // Once the program is there another process may run it, so what it loads has to be there before.
    const rest = outputFiles.filter(({ path }) => path !== file);
    for (const { path, contents } of [...rest, ...outputFiles]) writeChanged(path, contents);
  }
  return file;
}

function urlOf(file: string): string {
  return JSON.stringify(pathToFileURL(file).href);
}
