import {
  allow,
  anyKeyArn,
  eventBusArn,
  mailIdentitiesArn,
  masterKeyArn,
  param,
  parameterArn,
  ref,
  sub,
  type Template,
  type Value,
} from '#infra/names.ts';
import type { Need } from '#lib/jobs/job.ts';

/** Values of a stage that needs depend on. */
export interface NeedValues {
  readonly eventBus: string;
  /** Where the master key is. */
  readonly masterKey: Template;
  /** The sender of mails, where their links lead, and the SSM parameter that names an SMTP server, if one is to send them. */
  readonly mailFrom: string;
  readonly linkBaseUrl: Value;
  readonly smtpUrlParameter: string;
  /** The baseline items that somebody else applies, separated by commas. */
  readonly provisionedItems: string;
}

/** What a job's function gets for one of its needs. */
interface Provision {
  /** Its environment variables. */
  environment(values: NeedValues): Template;
  /** Statements of its role. */
  readonly statements: readonly Template[];
  /** The line that imports the adapter, and the expression that makes it. */
  readonly imported: string;
  readonly made: string;
}

/** One entry per need. The compiler asks for it when `Adapters` grows. */
const provisions: Readonly<Record<Need, Provision>> = {
  bus: {
    environment: ({ eventBus }) => ({ EVENT_BUS_NAME: eventBus }),
    statements: [allow(['events:PutEvents'], eventBusArn)],
    imported: "import { eventBridgeBus } from '#lib/adapters/eventBridge.ts';",
    made: "eventBridgeBus(process.env.EVENT_BUS_NAME ?? 'default')",
  },
  mail: {
    environment: ({ linkBaseUrl, mailFrom, smtpUrlParameter }) => ({
      MAIL_FROM: mailFrom,
      LINK_BASE_URL: linkBaseUrl,
      SMTP_URL_PARAMETER: smtpUrlParameter,
    }),
    statements: [
      allow(['ses:SendEmail'], mailIdentitiesArn, { StringEquals: { 'ses:FromAddress': param('mailFrom') } }),
      ...secretStatements(parameterArn('smtpUrlParameter')).map(whereSmtp),
    ],
    imported: "import { mailerFrom } from '#lib/adapters/mail.ts';",
    made: 'mailerFrom(process.env)',
  },
  linkTokens: {
    environment: ({ masterKey }) => masterKey,
    statements: secretStatements(masterKeyArn),
    imported: "import { linkTokensFrom } from '#lib/lambda/production.ts';",
    made: 'linkTokensFrom(process.env)',
  },
  provider: {
    environment: ({ provisionedItems }) => ({ PROVISIONED_ITEMS: provisionedItems }),
    // What is handed over goes out with the events.
    statements: [],
    imported: "import { providerOf } from '#lib/jobs/provider.ts';",
    made: 'providerOf(process.env.PROVISIONED_ITEMS)',
  },
};

/**
 * May read a parameter of SSM that holds a secret. It may be encrypted with any key of the account, but that key may be used only through
 * SSM and for this parameter.
 */
export function secretStatements(parameter: Template): Template[] {
  const throughSsm = {
    StringEquals: {
      'kms:ViaService': sub(`ssm.\${AWS::Region}.\${AWS::URLSuffix}`),
      'kms:EncryptionContext:PARAMETER_ARN': parameter,
    },
  };
  return [allow(['ssm:GetParameter'], parameter), allow(['kms:Decrypt'], anyKeyArn, throughSsm)];
}

function whereSmtp(statement: Template): Template {
  return { 'Fn::If': ['HasSmtp', statement, ref('AWS::NoValue')] };
}

/** The environment of a function whose job has these needs. */
export function environmentForNeeds(needs: readonly Need[], values: NeedValues): Template {
  return Object.assign({}, ...needs.map((need) => provisions[need].environment(values)));
}

/** What the role of such a function allows because of them. */
export function statementsForNeeds(needs: readonly Need[]): Template[] {
  return needs.flatMap((need) => provisions[need].statements);
}

/** The lines of its entry that import the adapters, and the members of the job's context that are made of them. */
export function adapterLines(needs: readonly Need[]): { readonly imports: string[]; readonly members: string[] } {
  return {
    imports: needs.map((need) => provisions[need].imported),
    members: needs.map((need) => `${need}: ${provisions[need].made}`),
  };
}
