import { dirname } from 'node:path';
import { reasonOf, StartError } from '#infra/local/startError.ts';

/** What is said of a file, by those who could not use it, and what helps. */
const faults: readonly (readonly [said: RegExp, words: (file: string, why: string) => string])[] = [
  [
    /ENOSPC|EDQUOT|disk is full|disk I\/O error/,
    (file, why) => `${file} cannot be written, its disk is full (${why}); make room there, or ${elsewhere}.`,
  ],
  [
    /EROFS|EACCES|EPERM|read-?only|unable to open database/i,
    (file, why) => `${file} cannot be written (${why}); let this user write to ${dirname(file)}, or ${elsewhere}.`,
  ],
  [
    /malformed|not a valid SQLite|not a database|corrupt/,
    (file, why) => `${file} is damaged (${why}); restore it, or delete the folder ${dirname(file)} to begin anew.`,
  ],
];

/** What comes before what the engine has to say. */
const preamble = /^(The embedded DynamoDB did not start: )?(error: |backend: |Internal error: )*/;

const elsewhere = 'name a folder elsewhere by --data or TRIBUTARY_DATA';

/** What is the matter with a file, as one sentence with a remedy; undefined where what was said is of something else. */
export function fileFault(file: string, said: unknown): StartError | undefined {
  if (said instanceof StartError && said.message.startsWith(file)) return said;
  const [why = ''] = reasonOf(said).replace(preamble, '').split('. ');
  const words = faults.find(([kind]) => kind.test(why))?.[1];
  return words && new StartError(words(file, why));
}

/** The same of whatever was thrown that names the file itself; the rest as it is. */
export function asFileFault(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof StartError || !('path' in error)) return error;
  return fileFault(String(error.path), error) ?? new StartError(`${error.path} cannot be used: ${reasonOf(error)}.`);
}

/** A file of ours that does not hold what we have written into it. */
export function damaged(file: string, where: string, remedy: string): StartError {
  return new StartError(`${file} is damaged: ${where}; restore it, or ${remedy}.`);
}
