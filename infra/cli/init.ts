import { writeFileSync } from 'node:fs';
import { helpOption, optionLines, saidIn } from '#infra/cli/commandLine.ts';
import type { Command } from '#infra/cli/main.ts';
import { reasonOf, StartError, UsageError } from '#infra/local/startError.ts';

const FILE = 'tributary.config.yaml';

const options = { help: helpOption } as const;

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
# It is found by this name in the folder where the emulator is started; else: tributary start --seed <file>
# Editors know the form while an emulator runs:
# yaml-language-server: $schema=http://127.0.0.1:4600/_emulator/seed.schema.json

# accounts:
#   - name: payer@example
#     legalName: Payer Ltd.
#     env: PAYER                      # demo.env has PAYER_UID, PAYER_AK and PAYER_SK
#     standing: { availableBalance: 100000, arrears: 0, openOrders: 0, frozen: false }
#   - name: buyer@example
#     uid: 1000000000000002           # drawn unless given, as keys are
#     legalName: Buyer Ltd.
#     email: buyer@example.com
#     keys:
#       - { accessKeyId: BUYERKEY, accessKeySecret: buyer-secret }
#   - { name: guest@example, legalName: Guest Ltd. }

# directories:
#   - management: payer@example
#     folders:
#       - { name: Apps, folders: [{ name: Web, tags: { team: web } }] }
#     members:
#       - { displayName: Workload, folder: Apps/Web, payer: payer@example, tags: { stage: test } }
#       - { displayName: Team, type: cloud, name: team@example, email: team@example.com }
#       - { account: guest@example, folder: Apps }   # one that was invited
#       - { displayName: Growing, promotion: { email: owner@example.com } }   # its owner has not confirmed yet
#     invitations:
#       - { email: friend@example.com, note: Please join., folder: Apps }     # or account: <uid or name>
#     creations:
#       - { displayName: Coming, email: coming@example.com, folder: Apps }     # a cloud account that waits for the same
#     baselines:
#       - name: Strict
#         items:
#           - name: ACS-BP_ACCOUNT_FACTORY_RAM_USER_PASSWORD_POLICY
#             config: { MinimumPasswordLength: 12 }

# relations:
#   - { parent: payer@example, child: buyer@example, permissions: [share-credit, view-bills], lentCredit: 500 }
#   - { parent: payer@example, child: child@demo, permissions: [CHECK_FINANCE_INFO], status: inviting }

# operators:
#   - { accessKeyId: OPERATORKEY, accessKeySecret: operator-secret }
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
