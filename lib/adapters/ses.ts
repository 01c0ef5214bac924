import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { fromEnv } from '@aws-sdk/credential-provider-env';
import { type Mail, type Mailer, MailRefused } from '#lib/jobs/needs.ts';

/** SES makes each message an id of its own. This header tells a mail that was sent twice. */
const ID_HEADER = 'X-Tributary-Mail-Id';
/** Sending is not repeated here, because SES would send twice what it was slow to answer: the stream brings the mail again. */
const sending = {
  maxAttempts: 1,
  requestHandler: { requestTimeout: 10_000, socketTimeout: 10_000, throwOnRequestTimeout: true },
} as const;
/** What SES says of the mail itself. Everything else may pass, also that the sender is not verified yet or may not send now. */
const refusals: ReadonlySet<string> = new Set(['BadRequestException', 'MessageRejected']);

/** Sends by SES, from an address that is verified there. */
export function sesMailer(from: string): Pick<Mailer, 'send'> {
  const client = new SESv2Client({ credentials: fromEnv(), ...sending });
  return {
    async send(mail) {
      try {
        await client.send(new SendEmailCommand(emailOf(mail, from)));
      } catch (error) {
        if (error instanceof Error && refusals.has(error.name)) throw new MailRefused(`SES: ${error.message}`);
        throw error;
      }
    },
  };
}

function emailOf({ html, id, subject, text, to }: Mail, from: string) {
  const content = (Data: string) => ({ Data, Charset: 'UTF-8' });
  return {
    FromEmailAddress: from,
    Destination: { ToAddresses: [to] },
    Content: {
      Simple: {
        Subject: content(subject),
        Body: { Text: content(text), Html: content(html) },
        Headers: [{ Name: ID_HEADER, Value: id }],
      },
    },
  };
}
