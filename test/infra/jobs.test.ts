import { describe, expect, test } from 'vitest';
import { functionAlarms } from '#infra/alarms.ts';
import { type Deployed, deployedFunctions } from '#infra/deployed.ts';
import { environmentOf, rateOf } from '#infra/handlers.ts';
import { adapterLines, statementsForNeeds } from '#infra/needs.ts';
import { stream } from '#infra/stream.ts';
import type { Need, ScheduledJob, StreamJob } from '#lib/jobs/job.ts';

const values = {
  masterKey: { MASTER_KEY: 'key-of-ours' },
  eventBus: 'bus-of-ours',
  mailFrom: 'noreply@example.com',
  linkBaseUrl: 'https://api.example.com',
  smtpUrlParameter: '/smtp',
  provisionedItems: 'ACS-BP_ACCOUNT_FACTORY_VPC',
};

function scheduled(everyMinutes: number, needs: readonly Need[] = []): Deployed {
  const job: ScheduledJob<Need> = {
    name: 'toy',
    trigger: 'schedule',
    of: { everyMinutes },
    needs,
    run: async () => ({ oldestOverdueMs: 0 }),
  };
  return { name: 'workers/toy', path: '', key: 'workersToy', trigger: { kind: 'schedule', job } };
}

function following(name: string, of: readonly string[], needs: readonly Need[] = []): Deployed {
  const job: StreamJob<Need> = {
    name,
    trigger: 'stream',
    of,
    needs,
    run: async () => ({ again: undefined, passedOver: 0 }),
  };
  return { name: `workers/${name}`, path: '', key: name, trigger: { kind: 'stream', job } };
}

describe('what a job declares decides what its function gets', () => {
  test('its need of the bus: a right, a variable, and the line that makes the adapter', () => {
    expect(environmentOf(scheduled(5, ['bus']), values)).toEqual({ EVENT_BUS_NAME: 'bus-of-ours' });
    expect(environmentOf(scheduled(5), values)).toEqual({});
    expect(statementsForNeeds(['bus'])).toMatchObject([{ Action: ['events:PutEvents'] }]);
    expect(statementsForNeeds([])).toEqual([]);
    expect(adapterLines(['bus']).members).toEqual([expect.stringMatching(/^bus: eventBridgeBus\(/)]);
    expect(adapterLines([])).toEqual({ imports: [], members: [] });
  });

  test('its need of mail: one sender, variables that say how and where links lead, and the line that makes the adapter', () => {
    expect(environmentOf(scheduled(5, ['mail']), values)).toEqual({
      MAIL_FROM: 'noreply@example.com',
      LINK_BASE_URL: 'https://api.example.com',
      SMTP_URL_PARAMETER: '/smtp',
    });
    const [sending, ...smtp] = statementsForNeeds(['mail']);
    expect(sending).toMatchObject({
      Action: ['ses:SendEmail'],
      // biome-ignore lint/suspicious/noTemplateCurlyInString: serverless replaces it.
      Condition: { StringEquals: { 'ses:FromAddress': '${param:mailFrom}' } },
    });
    for (const statement of smtp)
      expect(statement['Fn::If']).toEqual(['HasSmtp', expect.anything(), expect.anything()]);
    expect(adapterLines(['mail']).members).toEqual(['mail: mailerFrom(process.env)']);
  });

  test('its need of the tokens of links: the master key, which no worker else is told of', () => {
    expect(environmentOf(scheduled(5, ['linkTokens']), values)).toEqual({ MASTER_KEY: 'key-of-ours' });
    expect(statementsForNeeds(['linkTokens'])).toMatchObject([
      { Action: ['ssm:GetParameter'] },
      { Action: ['kms:Decrypt'] },
    ]);
    expect(adapterLines(['linkTokens']).members).toEqual(['linkTokens: linkTokensFrom(process.env)']);
  });

  test('its need of who applies items: which are handed over, and the line that makes the provider', () => {
    expect(environmentOf(scheduled(5, ['provider']), values)).toEqual({
      PROVISIONED_ITEMS: 'ACS-BP_ACCOUNT_FACTORY_VPC',
    });
    expect(statementsForNeeds(['provider'])).toEqual([]);
    expect(adapterLines(['provider']).members).toEqual(['provider: providerOf(process.env.PROVISIONED_ITEMS)']);
  });

  test.each([
    [1, 'rate(1 minute)', 180],
    [5, 'rate(5 minutes)', 900],
    [60, 'rate(60 minutes)', 10_800],
  ])('a run every %d minutes: %s, and an alarm when the third run in a row is missing', (everyMinutes, rate, s) => {
    const toy = scheduled(everyMinutes);
    expect(rateOf(toy)).toBe(rate);
    expect(functionAlarms([toy], { Ref: 'AlarmTopic' })).toMatchObject({
      WorkersToyOverdueAlarm: {
        Properties: {
          Period: s,
          Threshold: s * 1000,
          TreatMissingData: 'breaching',
          Dimensions: [{ Name: 'job', Value: 'toy' }],
        },
      },
    });
  });

  test('the row types it follows: the filter of its events', () => {
    const rendered = JSON.parse(JSON.stringify(stream([following('mail', ['invitation', 'handshake'])])));
    const [{ Pattern }] = rendered.MailLambdaFunctionMapping.Properties.FilterCriteria.Filters;
    expect(JSON.parse(Pattern)).toEqual({
      eventName: ['INSERT'],
      dynamodb: { NewImage: { type: { S: ['invitation', 'handshake'] } } },
    });
  });
});

test('a third function on the stream is refused in one sentence, which says what to do instead', () => {
  const two = [following('publish', ['event']), following('mail', ['mail'])];
  expect(() => stream(two)).not.toThrow();
  expect(() => stream([...two, following('enrol', ['enrolment'])])).toThrow(
    "DynamoDB allows two functions on the table's stream, and there are 3 (workers/publish, workers/mail, workers/enrol): " +
      'let jobs share one (lib/jobs/shared.ts).',
  );
});

test('each file of workers declares the job of its name', async () => {
  const workers = (await deployedFunctions()).filter(({ name }) => name.startsWith('workers/'));
  for (const { name, trigger } of workers) expect('job' in trigger && `workers/${trigger.job.name}`).toBe(name);
});
