import { createTransport } from 'nodemailer';
import { type Mailer, MailRefused } from '#lib/jobs/needs.ts';

/** How long a server may take for each step, ms; a batch of mails has a minute. */
const STEP_MS = 5000;
/** The steps in which a final refusal is of the mail, and not of the sender. */
const ofTheMail: ReadonlySet<unknown> = new Set(['EENVELOPE', 'EMESSAGE']);
const FOR_GOOD = 500;

/** Sends by an SMTP server, as in `smtps://user:password@mail.example.com`. The message's id follows from the mail's. */
export function smtpMailer(url: string, from: string): Pick<Mailer, 'send'> {
  const transport = createTransport({
    url,
    connectionTimeout: STEP_MS,
    greetingTimeout: STEP_MS,
    socketTimeout: STEP_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const host = from.slice(from.lastIndexOf('@') + 1);
  return {
    async send({ html, id, subject, text, to }) {
      const messageId = `<${id}@${host}>`;
      try {
        // As an object, because a text may be read as several addresses.
        await transport.sendMail({ from, to: { name: '', address: to }, subject, text, html, messageId });
      } catch (error) {
        if (isRefusal(error)) throw new MailRefused(`SMTP: ${error.message}`);
        throw error;
      }
    },
  };
}

function isRefusal(error: unknown): error is Error {
  const { code, responseCode = 0 } = Object(error);
  return error instanceof Error && ofTheMail.has(code) && Number(responseCode) >= FOR_GOOD;
}
