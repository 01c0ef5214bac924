import { parameterNamed } from '#lib/adapters/parameterStore.ts';
import type { Mailer } from '#lib/jobs/needs.ts';

/**
 * Delivers as an environment says: from `MAIL_FROM`, with links to `LINK_BASE_URL`; by SES, or by the SMTP server whose address the SSM
 * parameter `SMTP_URL_PARAMETER` holds. Without a sender every mail fails, and waits.
 */
export function mailerFrom(env: NodeJS.ProcessEnv): Mailer {
  const { LINK_BASE_URL = '', MAIL_FROM = '', SMTP_URL_PARAMETER = '' } = env;
  const open = async () =>
    SMTP_URL_PARAMETER === '' ? sesOf(MAIL_FROM) : smtpOf(await parameterNamed(SMTP_URL_PARAMETER, env), MAIL_FROM);
  let opening: Promise<Pick<Mailer, 'send'>> | undefined;
  return {
    baseUrl: LINK_BASE_URL,
    async send(mail) {
      if (MAIL_FROM === '') throw new Error('no sender of mails is set (mailFrom in serverless.yml)');
      opening ??= open().catch((error: unknown) => {
        opening = undefined;
        throw error;
      });
      return (await opening).send(mail);
    },
  };
}

// Each is loaded only when there is a mail to be sent by it: they would make the function half as large again.

async function sesOf(from: string): Promise<Pick<Mailer, 'send'>> {
  const { sesMailer } = await import('#lib/adapters/ses.ts');
  return sesMailer(from);
}

async function smtpOf(url: string, from: string): Promise<Pick<Mailer, 'send'>> {
  const { smtpMailer } = await import('#lib/adapters/smtp.ts');
  return smtpMailer(url.trim(), from);
}
