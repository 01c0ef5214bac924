import type { Plugin } from 'esbuild';
import { functionFiles } from '#infra/functionFiles.ts';

/** Builds every function into a program, which would look for their files otherwise. */
export const builtInFunctions: Plugin = {
  name: 'builtInFunctions',
  setup({ onLoad }) {
    onLoad({ filter: /[/\\]infra[/\\]functionFiles\.ts$/ }, () => ({
      loader: 'ts',
      contents: listOf(functionFiles()),
    }));
  },
};

function listOf(files: ReturnType<typeof functionFiles>): string {
  return `
    ${files.map(({ path }, index) => `import * as function${index} from ${JSON.stringify(path)};`).join('\n')}
    const modules = new Map([${files.map(({ name }, index) => `['${name}', function${index}]`).join(', ')}]);
    export const functionFiles = () => [...modules.keys()].map((name) => ({ name, path: name }));
    export const importFunction = async ({ name }) => modules.get(name);`;
}
