import { acceptedParameters } from '#infra/acceptedParameters.ts';
import { helpOption, type Options, saidIn } from '#infra/cli/commandLine.ts';
import type { Command } from '#infra/cli/main.ts';
import { emulatorOptions, startOptions } from '#infra/cli/settings.ts';
import { roles } from '#infra/local/callArguments.ts';
import { UsageError } from '#infra/local/startError.ts';
import { operations } from '#infra/operations.ts';

const help = `
tributary completion bash|zsh

Prints a script; to use it in every shell:
  bash  echo 'source <(tributary completion bash)' >> ~/.bashrc
  zsh   echo 'source <(tributary completion zsh)' >> ~/.zshrc
`;

/** Prints a script by which a shell completes commands, actions, parameters and their values. */
export const completion: Command = {
  help: () => help,
  async run(words) {
    const { given, positionals } = saidIn(words, { help: helpOption });
    if (given.has('help')) return void process.stdout.write(help);
    const [shell, ...others] = positionals;
    if (others.length > 0 || (shell !== 'bash' && shell !== 'zsh')) throw new UsageError('Name bash or zsh.');
    process.stdout.write(shell === 'zsh' ? `${ofBash}${bash}` : bash);
  },
};

const dashed = (options: Options | readonly string[]) =>
  (Array.isArray(options) ? options : Object.keys(options)).map((name: string) => `--${name}`).join(' ');

const callOptions = ['as', 'key', 'secret', 'url', 'help'];

/** What may follow a word, by the word: the parameters of an action, the values of a parameter. */
const byAction = operations.map((operation) => {
  const names = acceptedParameters(operation).map(({ name }) => name);
  return `    ${operation.action}) words="${dashed([...names, ...callOptions])}" ;;`;
});

const valuesByName = new Map(
  operations.flatMap((operation) =>
    acceptedParameters(operation).flatMap(({ name, values }) => (values.length > 1 ? [[name, values] as const] : [])),
  ),
);

const bash = `_tributary() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" words="" index
  COMPREPLY=()
  case "$previous" in
    # Nothing of our own: the shell completes files.
    --seed|--port|-p|--host|--cors|--key|--secret|--url) return ;;
    --data) COMPREPLY=($(compgen -d -- "$current")); return ;;
    --as) COMPREPLY=($(compgen -W "${roles.join(' ')}" -- "$current")); return ;;
${[...valuesByName].map(([name, values]) => `    --${name}) COMPREPLY=($(compgen -W "${values.join(' ')}" -- "$current")); return ;;`).join('\n')}
  esac
  case "\${COMP_WORDS[1]}" in
    call)
      words="${operations.map(({ action }) => action).join(' ')} ${dashed(callOptions)}"
      for ((index = 2; index < COMP_CWORD; index++)); do
        case "\${COMP_WORDS[index]}" in
${byAction.map((line) => `      ${line}`).join('\n')}
        esac
      done ;;
    exec)
      for ((index = 2; index < COMP_CWORD; index++)); do
        if [ "\${COMP_WORDS[index]}" = -- ]; then COMPREPLY=($(compgen -c -- "$current")); return; fi
      done
      words="${dashed({ ...emulatorOptions, help: { says: '' } })} --" ;;
    completion) words="bash zsh" ;;
    init) return ;;
    help) words="start exec init call completion" ;;
    start) words="${dashed(startOptions)}" ;;
    *) words="start exec init call completion help ${dashed(startOptions)} --version" ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _tributary tributary
`;

/** zsh can complete by a function of bash. */
const ofBash = 'autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n';
