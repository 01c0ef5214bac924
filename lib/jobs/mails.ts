import type { JobContext, StreamOutcome, StreamRecord } from '#lib/jobs/job.ts';
import { MailRefused } from '#lib/jobs/needs.ts';
import { CONFIRMATION_PATH, confirmationLetter, type Letter } from '#lib/mail/confirmation.ts';
import { invitationLetter } from '#lib/mail/invitation.ts';
import { isUnsent, mailOf, markRefused, markSent, type OutboxMail } from '#lib/store/mails.ts';
import { IllegibleRow, imageOf } from '#lib/table/rowKind.ts';

const JOB = 'sendMails';
/** How many mails are handed over side by side: providers limit how many they take in a second. */
const AT_ONCE = 4;

type Context = JobContext<'mail' | 'linkTokens'>;

/** What became of one record of the stream. */
type Outcome = 'done' | 'again' | 'passedOver';

/**
 * Sends the new mails among the changes of the table, each unless it was sent before, and then notes that it was. Between the two a mail
 * may be sent again; its id tells. One that cannot be read, or is refused for good, is logged, counted and passed over, for the stream
 * would wait for it in vain. Answers from which mail on the batch has to be delivered again: the first that was not taken. What follows it
 * is sent all the same.
 */
export async function sendMails(context: Context, records: readonly StreamRecord[]): Promise<StreamOutcome> {
  const outcomes: Outcome[] = [];
  for (let first = 0; first < records.length; first += AT_ONCE) {
    const group = records.slice(first, first + AT_ONCE);
    outcomes.push(...(await Promise.all(group.map((record) => settle(context, record)))));
  }
  const failed = records[outcomes.indexOf('again')];
  return {
    again: failed && (failed.dynamodb?.SequenceNumber ?? ''),
    passedOver: outcomes.filter((outcome) => outcome === 'passedOver').length,
  };
}

async function settle(context: Context, { dynamodb }: StreamRecord): Promise<Outcome> {
  const { log } = context.deps.ports;
  const sequenceNumber = dynamodb?.SequenceNumber ?? '';
  let mail: OutboxMail;
  try {
    mail = mailOf(imageOf(dynamodb?.NewImage ?? {}));
  } catch (error) {
    log({ level: 'error', job: JOB, sequenceNumber, fault: String(error) });
    return 'passedOver';
  }
  try {
    return await send(context, mail);
  } catch (error) {
    log({ level: 'error', job: JOB, mailId: mail.id, error: String(error) });
    return error instanceof IllegibleRow ? 'passedOver' : 'again';
  }
}

async function send(context: Context, { asks, id, to }: OutboxMail): Promise<Outcome> {
  const { deps, mail: mailer } = context;
  const { ports, table } = deps;
  if (!(await isUnsent(table, id))) return 'done';
  const letter = await letterOf(context, asks);
  try {
    await mailer.send({ id, to, ...letter });
  } catch (error) {
    if (!(error instanceof MailRefused)) throw error;
    await markRefused(table, id, ports.now(), error.message);
    ports.log({ level: 'error', job: JOB, mailId: id, refusal: error.message });
    return 'passedOver';
  }
  await markSent(table, id, ports.now());
  ports.log({ level: 'info', job: JOB, mailId: id, isSent: true });
  return 'done';
}

/** Only what asks for a confirmation has a link. */
async function letterOf({ linkTokens, mail }: Context, asks: OutboxMail['asks']): Promise<Letter> {
  if (asks.kind === 'invitation') return invitationLetter(asks);
  const link = `${mail.baseUrl}${CONFIRMATION_PATH}?token=${await linkTokens.tokenOf(asks.recordId)}`;
  return confirmationLetter(asks, link);
}
