import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { builtInFunctions } from '#infra/builtIn.ts';

// npm pack, and npm where it installs from git: compiles the command and the library into `dist`, with everything they import but Node.js and the engine.

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');

const shared = {
  absWorkingDir: root,
  outdir: dist,
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node20.19',
  mainFields: ['module', 'main'],
  // Local servers take any credentials, so nothing looks for any.
  alias: { '@aws-sdk/credential-provider-node': join(import.meta.dirname, 'lambdaCredentials.ts') },
  define: { 'process.env.TRIBUTARY_PACKAGED': '"true"' },
  plugins: [builtInFunctions],
  logLevel: 'warning',
} as const satisfies BuildOptions;

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);
await Promise.all([
  build({
    ...shared,
    entryPoints: {
      tributary: 'infra/cli/tributary.mjs',
      served: 'infra/library/served.ts',
      index: 'infra/library/createEmulator.ts',
    },
    format: 'esm',
    splitting: true,
    chunkNames: 'parts/[name]-[hash]',
    outExtension: { '.js': '.mjs' },
    banner: {
      js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
    },
  }),
  // Jest cannot load ES modules unless it is told to.
  build({
    ...shared,
    entryPoints: { index: 'infra/library/createEmulator.ts' },
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
    define: { ...shared.define, 'import.meta.url': '__moduleUrl' },
    banner: { js: "const __moduleUrl=require('node:url').pathToFileURL(__filename).href;" },
  }),
]);
const types = readFileSync(join(root, 'infra/library/tributary.ts'), 'utf8').replace(
  /^ *\/\/ (biome-ignore|What).*\n/gm,
  '',
);
for (const extension of ['ts', 'cts']) {
  writeFileSync(join(dist, `index.d.${extension}`), `${types}\nexport declare const createEmulator: CreateEmulator;\n`);
}
