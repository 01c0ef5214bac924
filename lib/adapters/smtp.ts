import { Socket } from 'node:net';
import { createTransport } from 'nodemailer';
import { type Mailer, MailRefused } from '#lib/jobs/needs.ts';

/** How long a server may take for each step, ms. */
const STEP_MS = 5000;
/** How long all steps of one delivery may take together, ms; a batch of mails has a minute. */
const DELIVERY_MS = 10_000;
/** The steps in which a final refusal is of the mail, and not of the sender. */
const ofTheMail: ReadonlySet<unknown> = new Set(['EENVELOPE', 'EMESSAGE']);
const FOR_GOOD = 500;

/**
 * Sends by an SMTP server, as in `smtps://user:password@mail.example.com`. The message's id follows from the mail's. A
 * delivery that takes longer than `deliveryMs` is cut off, and may be tried again.
 */
export function smtpMailer(url: string, from: string, deliveryMs = DELIVERY_MS): Pick<Mailer, 'send'> {
  const host = from.slice(from.lastIndexOf('@') + 1);
  return {
    async send({ html, id, subject, text, to }) {
      const messageId = `<${id}@${host}>`;
      // A server that sends a little now and then keeps within every step, so each delivery has a socket that ends in time.
      const transport = createTransport({
        url,
        socket: new Socket({ signal: AbortSignal.timeout(deliveryMs) }),
        connectionTimeout: STEP_MS,
        greetingTimeout: STEP_MS,
        socketTimeout: STEP_MS,
        disableFileAccess: true,
        disableUrlAccess: true,
      });
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
