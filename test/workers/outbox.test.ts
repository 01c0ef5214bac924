import { describe, expect, it } from 'vitest';
import { job } from '#functions/workers/outbox.ts';
import type { Mail } from '#lib/jobs/needs.ts';
import { streamHandler } from '#lib/lambda/jobHandlers.ts';
import { mailKey } from '#lib/store/keys.ts';
import { newParties, type Parties } from '#test/bss/parties.ts';
import { newDirectoryEstate } from '#test/directory/calls.ts';
import { invitedByEmail } from '#test/directory/handshakes.ts';
import { fakeMailer, mailedOut, mailingContext } from '#test/workers/mailing.ts';
import { allOf } from '#test/workers/overdue.ts';
import { inserted } from '#test/workers/stream.ts';

const done = { again: undefined, passedOver: 0 };
const recipients = (mails: readonly Mail[]) => mails.map(({ to }) => to).toSorted();

/** The mails of an estate as the stream delivers them, numbered from 100 in the order of their ids. */
async function streamOf(estate: Parties) {
  const mails = (await allOf(estate, 'mail')).toSorted((one, other) =>
    String(one['id']) < String(other['id']) ? -1 : 1,
  );
  return mails.map((row, index) => inserted(row, String(100 + index)));
}

async function estateWith(...recordIds: readonly string[]) {
  const estate = await newParties();
  await mailedOut(estate, ...recordIds);
  return { estate, records: await streamOf(estate) };
}

const tokenIn = ({ text }: Mail) => /token=(\S+)/.exec(text)?.[1];

describe('a mail of the outbox', () => {
  it('is sent to its address, with a link that bears its token, and is then noted as sent', async () => {
    const { estate, records } = await estateWith('r1');
    const mail = fakeMailer();
    expect(await job.run(mailingContext(mail, estate.deps), records)).toEqual(done);
    expect(mail.taken).toMatchObject([{ id: 'r1', to: 'r1@example.com' }]);
    const [sent] = mail.taken;
    expect(sent?.text).toContain(`\nhttps://api.test/directory/verify?token=${estate.deps.keyring.linkToken('r1')}\n`);
    expect(await allOf(estate, 'mail')).toMatchObject([{ id: 'r1', sentAtMs: expect.any(Number) }]);
  });

  it('tells of an invitation without a link, under the id of that', async () => {
    const estate = await newDirectoryEstate();
    const { HandshakeId } = await invitedByEmail(estate, 'new@example.com');
    const mail = fakeMailer();
    expect(await job.run(mailingContext(mail, estate.deps), await streamOf(estate))).toEqual(done);
    expect(mail.taken).toMatchObject([{ id: HandshakeId, to: 'new@example.com' }]);
    expect(mail.taken[0]?.text).toContain(HandshakeId);
    expect(mail.taken[0]?.text).not.toContain('://');
  });

  it('is sent once, however often the stream delivers it', async () => {
    const { estate, records } = await estateWith('r1', 'r2');
    const mail = fakeMailer();
    for (let time = 0; time < 3; time++) {
      expect(await job.run(mailingContext(mail, estate.anotherProcess()), records)).toEqual(done);
    }
    expect(recipients(mail.taken)).toEqual(['r1@example.com', 'r2@example.com']);
  });

  it('is not lost by a worker that ends before it is sent', async () => {
    const { estate, records } = await estateWith('r1');
    const mail = fakeMailer();
    mail.fails = () => true;
    expect(await job.run(mailingContext(mail, estate.deps), records)).toEqual({ ...done, again: '100' });
    mail.fails = () => false;
    expect(await job.run(mailingContext(mail, estate.anotherProcess()), records)).toEqual(done);
    expect(mail.taken).toHaveLength(1);
  });

  it('is recognisably one, with one link, when a worker ends between sending and noting it', async () => {
    const { estate, records } = await estateWith('r1');
    const mail = fakeMailer();
    const { table } = estate.deps;
    const transact = async () => {
      throw new Error('the worker has ended');
    };
    const ending = { ...estate.deps, table: { ...table, transact } };
    expect(await job.run(mailingContext(mail, ending), records)).toEqual({ ...done, again: '100' });
    expect(await job.run(mailingContext(mail, estate.anotherProcess()), records)).toEqual(done);
    expect(mail.taken.map(({ id }) => id)).toEqual(['r1', 'r1']);
    const [first, second] = mail.taken;
    expect(second).toEqual(first);
  });

  it('is not sent any more once it was forgotten', async () => {
    const { estate } = await estateWith();
    const mail = fakeMailer();
    const gone = await estateWith('r1');
    expect(await job.run(mailingContext(mail, estate.deps), gone.records)).toEqual(done);
    expect(mail.taken).toEqual([]);
  });

  it('leaves its token in no log and in no row', async () => {
    const { estate, records } = await estateWith('r1', 'r2');
    const mail = fakeMailer();
    mail.refuses = ({ id }) => id === 'r2';
    await job.run(mailingContext(mail, estate.deps), records);
    const token = tokenIn(mail.taken[0] ?? expect.fail('a mail was sent')) ?? '';
    expect(token.length).toBeGreaterThan(40);
    const secret = token.slice(token.indexOf('.') + 1);
    expect(JSON.stringify(estate.logged)).not.toContain(secret);
    expect(JSON.stringify(await estate.dump())).not.toContain(secret);
  });
});

describe('a batch of the outbox', () => {
  it('goes on past a mail that is refused for good, which is logged, counted and not tried again', async () => {
    const { estate, records } = await estateWith('r1', 'r2', 'r3');
    const mail = fakeMailer();
    mail.refuses = ({ id }) => id === 'r2';
    const handler = streamHandler(job, mailingContext(mail, estate.deps));
    expect(await handler({ Records: records })).toEqual({ batchItemFailures: [] });
    expect(recipients(mail.taken)).toEqual(['r1@example.com', 'r3@example.com']);
    const errors = estate.logged.filter(({ level }) => level === 'error');
    expect(errors).toEqual([
      { level: 'error', job: 'sendMails', mailId: 'r2', refusal: '550 no such address' },
      expect.objectContaining({ job: 'outbox', passedOver: 1, _aws: expect.anything() }),
    ]);
    mail.refuses = () => false;
    expect(await job.run(mailingContext(mail, estate.deps), records)).toEqual(done);
    expect(mail.taken).toHaveLength(2);
  });

  it('is delivered again from the first mail that was not taken; those after it are sent all the same', async () => {
    const { estate, records } = await estateWith('r1', 'r2', 'r3', 'r4', 'r5', 'r6');
    const mail = fakeMailer();
    mail.fails = ({ id }) => id === 'r2' || id === 'r5';
    const handler = streamHandler(job, mailingContext(mail, estate.deps));
    expect(await handler({ Records: records })).toEqual({ batchItemFailures: [{ itemIdentifier: '101' }] });
    expect(mail.taken).toHaveLength(4);
    mail.fails = () => false;
    expect(await handler({ Records: records.slice(1) })).toEqual({ batchItemFailures: [] });
    expect(recipients(mail.taken)).toEqual([1, 2, 3, 4, 5, 6].map((nth) => `r${nth}@example.com`));
  });

  it('goes on past a mail whose row was damaged since', async () => {
    const { estate, records } = await estateWith('r1', 'r2');
    const mail = fakeMailer();
    await estate.deps.table.transact([{ Put: { Item: { ...mailKey('r1'), type: 'mail' } } }]);
    expect(await job.run(mailingContext(mail, estate.deps), records)).toEqual({ ...done, passedOver: 1 });
    expect(recipients(mail.taken)).toEqual(['r2@example.com']);
  });

  it('goes on past a mail that cannot be read', async () => {
    const { estate, records } = await estateWith('r1');
    const mail = fakeMailer();
    const damaged = inserted({ pk: 'MAIL#r0', sk: 'MAIL', type: 'mail', id: 'r0', to: 7 }, '99');
    expect(await job.run(mailingContext(mail, estate.deps), [damaged, ...records])).toEqual({ ...done, passedOver: 1 });
    expect(mail.taken).toHaveLength(1);
    expect(estate.logged).toContainEqual({
      level: 'error',
      job: 'sendMails',
      sequenceNumber: '99',
      fault: expect.any(String),
    });
  });
});
