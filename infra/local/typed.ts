/** How our commands are typed: as scripts of npm in the repository, as `tributary` where the package is installed. */
const typed =
  process.env['TRIBUTARY_PACKAGED'] === 'true'
    ? { start: 'npx tributary', call: 'npx tributary call' }
    : { start: 'npm start', call: 'npm run call --' };

/** What a person types to run one of our commands. */
export function typedAs(command: keyof typeof typed): string {
  return typed[command];
}
