// What `import { createEmulator } from 'tributary'` promises. The package carries this file as its types, so it imports nothing.

/** What an emulator is started with. */
export interface CreateEmulatorOptions {
  /** Any free port, unless given. */
  readonly port?: number;
  /** A seed file: what it has from its start, beside the demo accounts. */
  readonly seed?: string;
}

/** An emulator in a process of its own, which keeps nothing and ends with this process at the latest. */
export interface TestEmulator {
  /** Where it listens, as in `http://127.0.0.1:34567`. */
  readonly url: string;
  /** The demo accounts and their keys, by the names of demo.env: `PARENT_UID`, `PARENT_AK`, `PARENT_SK`, ..., `BASE_URL`. */
  readonly env: Readonly<Record<string, string>>;
  /** Registers an account that has a key and nothing else, so that tests side by side are in nobody's way. */
  account(wanted?: NewAccount): Promise<TestAccount>;
  readonly clock: TestClock;
  readonly mail: TestMail;
  readonly events: TestEvents;
  /** Runs a scheduled job now, such as `expireInvitations`, and answers what it did. */
  run(job: string): Promise<Readonly<Record<string, unknown>>>;
  /** Keeps everything as it is now; answers the name by which `restore` brings it back. */
  snapshot(name?: string): Promise<string>;
  /** Has everything as it was at a snapshot, unless named the one this has taken last. */
  restore(name?: string): Promise<void>;
  /** Has everything as it was at the start, with the clock right. */
  reset(): Promise<void>;
  /** Ends it. */
  close(): Promise<void>;
}

/** An account to be registered. */
export interface NewAccount {
  /** The verified company. Accounts of one company are related without an invitation. One of its own, unless given. */
  readonly legalName?: string;
  /** The login that other parties see. */
  readonly name?: string;
  /** 16 digits, or 10 for Volcengine's typed SDKs. Any that is free, unless given. */
  readonly uid?: number;
}

/** An account and the key by which it signs. */
export interface TestAccount {
  readonly uid: number;
  readonly legalName: string;
  readonly name: string;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  /** Calls an operation as this account, signed as Alibaba Cloud's SDKs sign; a refusal is an answer, too. */
  call(action: string, parameters?: Readonly<Record<string, unknown>>): Promise<TestAnswer>;
}

/** What an operation answered. */
export interface TestAnswer {
  readonly status: number;
  /** The JSON of its body. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers whose shape the vendor defines.
  readonly body: any;
}

/** The time that invitations and deadlines go by. Signatures go by the machine's. */
export interface TestClock {
  now(): Promise<Date>;
  /** Turns it on by so many milliseconds, or by days, hours and so on. */
  advance(by: number | TestDuration): Promise<Date>;
  /** Turns it to a time. */
  set(to: Date | string): Promise<Date>;
  /** Has it go with the machine's again. */
  reset(): Promise<Date>;
}

/** A length of time, the sum of its parts. */
export interface TestDuration {
  readonly days?: number;
  readonly hours?: number;
  readonly minutes?: number;
  readonly seconds?: number;
}

/** The mails that were sent, to nobody but this list. */
export interface TestMail {
  /** Newest last; to one address, if it is given. */
  list(to?: string): Promise<readonly SentMail[]>;
  /** The newest to an address; undefined if there is none. */
  latest(to: string): Promise<SentMail | undefined>;
}

/** A mail that was sent. */
export interface SentMail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly sentAt: string;
}

/** What was published on the event bus. */
export interface TestEvents {
  /** Newest last. Everything that was done before is in it. */
  list(): Promise<readonly PublishedEvent[]>;
}

/** An event that was published; the page docs/events.md of the repository describes each. */
export interface PublishedEvent {
  readonly id: string;
  readonly type: string;
  readonly time: string;
  readonly actor: number | string;
  readonly action: string;
  readonly from: string;
  readonly to: string;
  readonly requestId: string;
  readonly [fact: string]: unknown;
}

/** Starts an emulator and answers it once it can be called. Throws an error whose message says what to do. */
export type CreateEmulator = (options?: CreateEmulatorOptions) => Promise<TestEmulator>;
