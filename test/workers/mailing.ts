import type { ConfirmationRequest } from '#lib/domain/mail.ts';
import type { JobContext } from '#lib/jobs/job.ts';
import { type Mail, type Mailer, MailRefused } from '#lib/jobs/needs.ts';
import { providerOf } from '#lib/jobs/provider.ts';
import { mailOut } from '#lib/store/mails.ts';
import { commit } from '#lib/table/commit.ts';
import type { Estate } from '#test/support/estate.ts';

/** A mailer that remembers what it took. `refuses` makes it refuse single mails for good, `fails` makes it fail for now. */
export interface FakeMailer extends Mailer {
  readonly taken: Mail[];
  refuses: (mail: Mail) => boolean;
  fails: (mail: Mail) => boolean;
}

export function fakeMailer(): FakeMailer {
  const mailer: FakeMailer = {
    baseUrl: 'https://api.test',
    taken: [],
    refuses: () => false,
    fails: () => false,
    async send(mail) {
      if (mailer.refuses(mail)) throw new MailRefused('550 no such address');
      if (mailer.fails(mail)) throw new Error('the mail server is down');
      mailer.taken.push(mail);
    },
  };
  return mailer;
}

/** What a job that mails is given: an estate's dependencies, or another process's, and this mailer. */
export function mailingContext(mail: Mailer, deps: Estate['deps']): JobContext<'mail' | 'linkTokens' | 'provider'> {
  const provider = providerOf();
  return { deps, mail, provider, linkTokens: { tokenOf: async (recordId) => deps.keyring.linkToken(recordId) } };
}

/** What a mail of an estate asks for, unless something else is said. */
export function request(recordId: string, others: Partial<ConfirmationRequest> = {}): ConfirmationRequest {
  return {
    kind: 'promotion',
    recordId,
    askedBy: 'parent@acme',
    legalName: 'Acme Ltd.',
    accountUid: 1_123_456_789_012_345,
    displayName: 'billing-prod',
    deadlineMs: Date.UTC(2024, 4, 11, 2, 11, 9),
    ...others,
  };
}

/** Puts mails into an estate's outbox, one for each record. */
export async function mailedOut({ deps, nowMs }: Estate, ...recordIds: readonly string[]): Promise<void> {
  const write = recordIds.map((id) => mailOut(`${id}@example.com`, request(id), nowMs(), Date.now()));
  await commit(deps.table, write);
}

/** HTML as its reader sees it, whatever holds its words together. */
export function readIn(html: string): string {
  return html.replaceAll(/<\/?span[^>]*>/g, '');
}
