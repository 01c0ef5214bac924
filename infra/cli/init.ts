import { writeFileSync } from 'node:fs';
import { optionLines, saidIn } from '#infra/cli/commandLine.ts';
import type { Command } from '#infra/cli/main.ts';
import { reasonOf, StartError, UsageError } from '#infra/local/startError.ts';

const FILE = 'tributary.config.yaml';

const options = { help: { says: 'prints this' } } as const;

const help = [
  '',
  `tributary init [file]`,
  '',
  `Writes a seed file with examples of everything it may have, all of it commented out: ${FILE}, unless a name is given.`,
  '',
  ...optionLines(options),
  '',
].join('\n');

const template = `# What the emulator has from its start, beside the demo accounts. Each example is one comment sign away from being so.
# tributary start --seed ${FILE}

# accounts:
#   - uid: 1000000000000001
#     name: payer@example
#     legalName: Payer Ltd.
#     keys:
#       - accessKeyId: PAYERKEY
#         accessKeySecret: payer-secret-of-at-least-16
#     standing: { availableBalance: 100000, arrears: 0, openOrders: 0 }
#   - uid: 1000000000000002
#     name: member@example
#     legalName: Member Ltd.

# relations:
#   - parent: 1000000000000001
#     child: 1000000000000002
#     status: active
#     permissions: [view-bills, share-discounts]

# directory:
#   management: 1000000000000001
#   folders:
#     - name: Apps
#   members:
#     - uid: 1000000000000002
#       folder: Apps
`;

/** Writes a seed file to begin with. */
export const init: Command = {
  help: () => help,
  async run(words) {
    const { given, positionals } = saidIn(words, options);
    if (given.has('help')) return void process.stdout.write(help);
    const [file = FILE, ...others] = positionals;
    if (others.length > 0) throw new UsageError(`${others.join(' ')} is one file too many.`);
    try {
      writeFileSync(file, template, { flag: 'wx' });
    } catch (error) {
      throw new StartError(`${file} was not written: ${reasonOf(error)}.`);
    }
    process.stdout.write(`Written: ${file}\n`);
  },
};
