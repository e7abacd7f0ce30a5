import type { z } from 'zod';
import type { Clock } from '../../../src/ports/clock.ts';
import { PortFailure } from '../../../src/ports/failure.ts';
import type { Fence } from '../../../src/ports/fence.ts';
import {
  type Answered,
  type Attempt,
  answeredFailure,
  type Manner,
  misbehaved,
  plainPause,
  silentFailure,
} from './failure.ts';
import { type ClientCertificate, type Fetches, fetchesOf, unwrapped } from './fenced-fetch.ts';
import { createMemory } from './memory.ts';
import { type Call, type Outgoing, outgoingOf, parsed, type Written } from './outgoing.ts';
import { fetchTail, fetchWithin, isTooSlow } from './transport.ts';

/** A system that is spoken to in JSON over HTTP. */
export interface ServiceSetup {
  /** Id of the port that speaks, for failures. */
  readonly port: string;
  /** The system's name as people call it: `Jenkins`. */
  readonly system: string;
  /** What to check when it refuses the login: `the user and token`. */
  readonly login: string;
  /** Address below which all calls go, with or without a slash at the end. */
  readonly baseUrl: string;
  /** Certificates (PEM) of a private authority. */
  readonly authority?: string | undefined;
  /** Shown to the server where it asks who we are (mutual TLS). */
  readonly clientCertificate?: ClientCertificate | undefined;
  readonly clock: Clock;
  /** Sent with each call, e.g. the login; asked for each time, because tokens end. Not sent anywhere else. */
  headers?(call: Outgoing): Promise<Readonly<Record<string, string>>> | Readonly<Record<string, string>>;
  /** How the system says no, where it differs from plain HTTP. */
  readonly manner?: Partial<Manner>;
  /** How long it has for one answer, in milliseconds. Default: ten seconds. */
  readonly timeoutMs?: number;
}

/** A read. */
export interface Question<T> extends Call {
  readonly form: z.ZodType<T>;
  /** Asked again and again: the answer is remembered by its ETag where the system gives one. */
  readonly polled?: boolean;
  /** A read that the system wants as a POST. It is repeated like any other read. */
  readonly post?: unknown;
}

/** A write. `json` and `fields` are its body, as JSON or as a form. */
export type Order = Call &
  Written & {
    /** The system answers with a redirect, which is given back as it is and never followed. */
    readonly redirects?: true;
  };

/** Some system, with every fault told as a PortFailure. A read is repeated once after a broken connection; a write never. */
export interface Service {
  get<T>(question: Question<T>): Promise<T>;
  /** The whole answer to a read, e.g. for its headers. */
  ask(question: Omit<Question<unknown>, 'form'>): Promise<Answered>;
  /** A write, once. A failure with `inDoubt` may have taken effect. The fence's own failure comes through as it is. */
  send(order: Order, fence?: Fence): Promise<Answered>;
  /** Reads what a write answered. */
  read<T>(order: Pick<Order, 'what'>, answer: Answered, form: z.ZodType<T>): T;
  /** The last `bytes` of a text; nothing when there is none. */
  tail(call: Call & { readonly bytes: number }): Promise<string | undefined>;
}

type Headings = Readonly<Record<string, string>>;

const TIMEOUT_MS = 10_000;

/** Speaks to a system by the plain rules of HTTP and JSON, whatever the system is. */
export function createService(setup: ServiceSetup): Service {
  const { clock, timeoutMs = TIMEOUT_MS } = setup;
  const ways = fetchesOf(setup.authority, setup.clientCertificate);
  const exchange = createExchange(setup, ways);
  const memory = createMemory(500);
  const manner: Manner = { complaint: plainComplaint, pause: plainPause, ...setup.manner };
  const attempt = (what: string, writes: boolean): Attempt => {
    const { port, system, login } = setup;
    return { port, system, login, what, writes, now: clock.now() };
  };

  async function ask(question: Omit<Question<unknown>, 'form'>): Promise<Answered> {
    const trying = attempt(question.what, false);
    const { headers, ...outgoing } = outgoingOf(
      setup.baseUrl,
      question,
      question.post === undefined ? undefined : { json: question.post },
    );
    const key = `${outgoing.url} ${outgoing.body ?? ''}`;
    const known = question.polled ? memory.recall(key) : undefined;
    const asked = { ...headers, ...(known === undefined ? {} : { 'if-none-match': known.etag }) };
    const answer = await exchange(trying, outgoing, asked).catch((error: unknown) => {
      if (!(error instanceof PortFailure) || error.details.code !== 'ECONNRESET') throw error;
      return exchange(trying, outgoing, asked);
    });
    if (answer.status === 304 && known !== undefined) return { ...answer, status: 200, data: known.data };
    if (!good(answer)) throw answeredFailure(trying, answer, manner);
    const etag = answer.headers['etag'];
    if (question.polled && typeof etag === 'string') memory.keep(key, { etag, data: answer.data });
    return answer;
  }

  async function send(order: Order, fence?: Fence): Promise<Answered> {
    const trying = attempt(order.what, true);
    const { headers, ...outgoing } = outgoingOf(setup.baseUrl, order, order);
    const answer =
      fence === undefined
        ? await exchange(trying, outgoing, headers)
        : await unwrapped(fence, (asked) => exchange(trying, outgoing, headers, asked));
    const redirected = order.redirects === true && answer.status >= 300 && answer.status < 400;
    if (!good(answer) && !redirected) throw answeredFailure(trying, answer, manner);
    return answer;
  }

  async function tail({ bytes, ...call }: Parameters<Service['tail']>[0]): Promise<string | undefined> {
    const { headers, ...outgoing } = outgoingOf(setup.baseUrl, call);
    const signed = { 'user-agent': 'countersign', ...(await setup.headers?.(outgoing)), ...headers };
    try {
      const found = await fetchTail(clock, outgoing.url.href, bytes, timeoutMs, { fetch: ways.plain, headers: signed });
      return found.status === 200 ? found.text : undefined;
    } catch (error) {
      throw silentFailure(attempt(call.what, false), error, isTooSlow(error));
    }
  }

  const read: Service['read'] = ({ what }, { data }, form) => formed(attempt(what, true), data, form);
  return {
    ask,
    send,
    tail,
    read,
    get: async (question) => formed(attempt(question.what, false), (await ask(question)).data, question.form),
  };
}

/** One request and its answer, whatever it says. Behind the fence, when there is one. */
function createExchange(setup: ServiceSetup, ways: Fetches) {
  const { clock, timeoutMs = TIMEOUT_MS } = setup;
  return async function exchange(trying: Attempt, call: Outgoing, headers: Headings, fence?: Fence): Promise<Answered> {
    // A login that fails was no attempt at the call itself.
    const signed = (await setup.headers?.(call)) ?? {};
    const way = fetchWithin(clock, timeoutMs, fence === undefined ? ways.plain : ways.fenced(fence));
    try {
      const answer = await way(call.url, {
        method: call.method,
        headers: { accept: 'application/json', 'user-agent': 'countersign', ...signed, ...headers },
        redirect: 'manual',
        ...(call.body === undefined ? {} : { body: call.body }),
      });
      return { status: answer.status, headers: headersOf(answer), data: parsed(await answer.text()) };
    } catch (error) {
      throw error instanceof PortFailure ? error : silentFailure(trying, error, isTooSlow(error));
    }
  };
}

/** Every cookie on a line of its own; of other headers there is one. */
function headersOf({ headers }: Response): Headings {
  const cookies = headers.getSetCookie();
  return { ...Object.fromEntries(headers), ...(cookies.length === 0 ? {} : { 'set-cookie': cookies.join('\n') }) };
}

/** A redirect is taken for what it is: some login page in the way. No call follows it with our credentials. */
function good({ status }: Answered): boolean {
  return status >= 200 && status < 300;
}

function formed<T>(trying: Attempt, data: unknown, form: z.ZodType<T>): T {
  const read = form.safeParse(data);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  throw misbehaved(trying, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
}

/** `message` or `error` of a JSON body, as most systems have one. */
function plainComplaint(data: unknown): string {
  if (typeof data !== 'object' || data === null) return '';
  const said = 'message' in data ? data.message : 'error' in data ? data.error : '';
  return typeof said === 'string' ? said : JSON.stringify(said ?? '');
}
