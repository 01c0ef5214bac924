import { openFileOfLines } from '#infra/local/fileOfLines.ts';
import type { Mail, Mailer } from '#lib/jobs/needs.ts';
import type { Ports } from '#lib/ports.ts';

/** A mail as it is shown; times are ISO 8601, UTC. */
export interface CapturedMail extends Omit<Mail, 'id'> {
  readonly sentAt: string;
}

/** The emulator's mailer: it keeps what was sent, each mail once, and sends nothing unless it has a relay. */
export interface LocalMailer extends Mailer {
  /** Newest last; those to one address, if it is given. */
  sent(to?: string): readonly CapturedMail[];
}

/** What a local mailer works with. */
export interface Mailing {
  /** Where the emulator listens; asked when a mail is sent. */
  readonly baseUrl: () => string;
  /** What mails are handed to beside being kept, if anything. */
  readonly relay: Pick<Mailer, 'send'> | undefined;
}

/** Opens the mailer over a file of one mail a line. A relay that fails is logged: the mail is kept all the same. */
export function openLocalMailer(file: string, { baseUrl, relay }: Mailing, { log, now }: Ports): LocalMailer {
  const mails = openFileOfLines<Mail & { readonly sentAt: string }>(file);
  return {
    get baseUrl() {
      return baseUrl();
    },
    async send(mail) {
      if (mails.has(mail.id)) return;
      const sentAt = new Date(now()).toISOString();
      await relay
        ?.send(mail)
        .catch((error) => log({ level: 'error', job: 'relay', mailId: mail.id, error: String(error) }));
      mails.add({ ...mail, sentAt });
    },
    sent(to) {
      const found = mails.all().filter((mail) => to === undefined || mail.to.toLowerCase() === to.toLowerCase());
      return found.map(({ html, sentAt, subject, text, to: recipient }) => ({
        to: recipient,
        subject,
        text,
        html,
        sentAt,
      }));
    },
  };
}
