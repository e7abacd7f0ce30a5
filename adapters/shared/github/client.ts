import type { Octokit } from '@octokit/rest';
import type { z } from 'zod';
import type { AdapterTools } from '../adapter.ts';
import { readAuthority } from '../http/authority.ts';
import { type Answered, type Attempt, answeredFailure, misbehaved, silentFailure } from '../http/failure.ts';
import { type Fetches, fetchesOf } from '../http/fenced-fetch.ts';
import { createMemory } from '../http/memory.ts';
import { createPacer } from '../http/pacer.ts';
import { fetchTail, isTooSlow } from '../http/transport.ts';
import { GITHUB, NAMES } from './failure.ts';
import { API_VERSION, createOctokit } from './octokit.ts';
import { type Connection, GraphAnswer } from './schema.ts';

type Parameters = Readonly<Record<string, unknown>>;

/** A read: what it is in words, for failures, and the form that the answer must have. */
interface Question<T> {
  readonly what: string;
  readonly route: `GET /${string}`;
  readonly parameters: Parameters;
  readonly form: z.ZodType<T>;
  /** Asked again and again: the answer is remembered with its mark, and GitHub says in a few bytes that it still holds. */
  readonly polled?: boolean;
}

/** `https://api.github.com` serves `https://github.com`; an Enterprise Server has its API below `/api/v3`. */
function webUrlOf(apiUrl: string): string {
  const { protocol, host } = new URL(apiUrl);
  return `${protocol}//${host.replace(/^api\./, '')}`;
}

type TailQuestion = Omit<Question<unknown>, 'form'> & { readonly bytes: number };

/** A write. */
interface Order {
  readonly what: string;
  readonly route: `${'POST' | 'PUT' | 'PATCH' | 'DELETE'} /${string}`;
  readonly parameters: Parameters;
}

/** GitHub, with every fault told as a PortFailure. Reads are repeated once by themselves, writes never. */
export interface GitHub {
  /** Address of its pages, without a slash at the end. */
  readonly webUrl: string;
  /** How its servers are reached. */
  readonly ways: Fetches;
  /** A read. */
  get<T>(question: Question<T>): Promise<T>;
  /** A write, once. A failure with `inDoubt` may have taken effect. The answer's body is the caller's to read. */
  send(order: Order): Promise<Answered>;
  /** One read over GraphQL. */
  graph<T>(question: { what: string; query: string; variables: Parameters; form: z.ZodType<T> }): Promise<T>;
  /** The last `bytes` of a text that GitHub keeps elsewhere; nothing when there is none yet. */
  tail(question: TailQuestion): Promise<string | undefined>;
  /** Where GitHub keeps something: an address that is itself the permission, for some minutes. Nothing when it names none. */
  address(question: Omit<Question<unknown>, 'form'>): Promise<string | undefined>;
  /** Reads what a write answered. */
  read<T>(order: Pick<Order, 'what'>, answer: Answered, form: z.ZodType<T>): T;
}

/** How long GitHub has for one answer, in milliseconds. */
const TIMEOUT_MS = 10_000;

/** @param port id of the port that speaks, for failures and for sharing one throttle */
export async function createGitHub(port: string, connection: Connection, tools: AdapterTools): Promise<GitHub> {
  const { clock } = tools;
  const ways = fetchesOf(await readAuthority(port, connection.certificateAuthority));
  const { reads, writes } = await createOctokit(connection, tools, TIMEOUT_MS, port, ways);
  const memory = createMemory(500);
  const pass = createPacer(clock);

  function attempt(what: string, writes: boolean): Attempt {
    return { port, ...NAMES, what, writes, now: clock.now() };
  }

  async function get<T>({ what, route, parameters, form, polled = false }: Question<T>): Promise<T> {
    const key = `${route} ${JSON.stringify(parameters)}`;
    const known = polled ? memory.recall(key) : undefined;
    const headers = known === undefined ? {} : { 'if-none-match': known.etag };
    const answer = await ask(reads, attempt(what, false), route, { ...parameters, headers });
    if (answer.status === 304 && known !== undefined) return parsed(attempt(what, false), known.data, form);
    const etag = answer.headers['etag'];
    if (polled && typeof etag === 'string') memory.keep(key, { etag, data: answer.data });
    return parsed(attempt(what, false), answer.data, form);
  }

  async function send({ what, route, parameters }: Order): Promise<Answered> {
    await pass();
    return ask(writes, attempt(what, true), route, parameters);
  }

  async function address({ what, route, parameters }: Omit<Question<unknown>, 'form'>): Promise<string | undefined> {
    const answer = await ask(reads, attempt(what, false), route, { ...parameters, request: { redirect: 'manual' } });
    const found = answer.headers['location'];
    return typeof found === 'string' ? found : undefined;
  }

  async function tail({ what, bytes, ...question }: TailQuestion): Promise<string | undefined> {
    const kept = await address({ what, ...question });
    if (kept === undefined) return undefined;
    try {
      const found = await fetchTail(clock, kept, bytes, TIMEOUT_MS, { fetch: ways.plain });
      return found.status === 200 ? found.text : undefined;
    } catch (error) {
      throw silentFailure(attempt(what, false), error, isTooSlow(error));
    }
  }

  return {
    webUrl: webUrlOf(connection.apiUrl),
    ways,
    get,
    send,
    tail,
    address,
    graph: (question) => graph(reads, attempt(question.what, false), question),
    read: ({ what }, answer, form) => parsed(attempt(what, true), answer.data, form),
  };
}

/** GraphQL is a POST that only reads here; the SDK finds its address beside the REST one, also on Enterprise Server. */
async function graph<T>(
  octokit: Octokit,
  attempt: Attempt,
  question: { query: string; variables: Parameters; form: z.ZodType<T> },
): Promise<T> {
  const baseUrl = octokit.request.endpoint.DEFAULTS.baseUrl.replace(/\/api\/v3$/, '/api');
  const { query, variables, form } = question;
  const answer = await ask(octokit, attempt, 'POST /graphql', { baseUrl, query, variables });
  const envelope = parsed(attempt, answer.data, GraphAnswer);
  const fault = envelope.errors?.[0];
  if (fault === undefined) return parsed(attempt, envelope.data, form);
  if (fault.type === 'RATE_LIMITED') {
    throw answeredFailure(attempt, { ...answer, status: 429, data: { message: 'rate limit' } }, GITHUB);
  }
  const status = { NOT_FOUND: 404, FORBIDDEN: 403 }[fault.type ?? ''] ?? 502;
  throw answeredFailure(attempt, { ...answer, status, data: { message: fault.message } }, GITHUB);
}

async function ask(octokit: Octokit, attempt: Attempt, route: string, parameters: Parameters): Promise<Answered> {
  const headers = { ...headersOf(parameters), 'x-github-api-version': API_VERSION };
  try {
    const { status, headers: said, data } = await octokit.request(route, { ...parameters, headers });
    return { status, headers: said, data };
  } catch (error) {
    const answer = responseOf(error);
    // "Not modified" is no fault, but the SDK throws it.
    if (answer?.status === 304) return answer;
    throw asFailure(attempt, error, answer);
  }
}

function asFailure(attempt: Attempt, error: unknown, answer: Answered | undefined): unknown {
  // Whatever the SDK did not make of a call is a bug, ours or its own.
  if (!(error instanceof Error && 'status' in error)) return error;
  // A failed login was no attempt at the call itself, so the call is not in doubt.
  const real = loginCall(error) ? { ...attempt, writes: false, what: 'the installation of the GitHub App' } : attempt;
  return answer === undefined ? silentFailure(real, error, isTooSlow(error)) : answeredFailure(real, answer, GITHUB);
}

function parsed<T>(attempt: Attempt, data: unknown, form: z.ZodType<T>): T {
  const read = form.safeParse(data);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  throw misbehaved(attempt, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
}

function responseOf(error: unknown): Answered | undefined {
  if (typeof error !== 'object' || error === null || !('response' in error)) return undefined;
  const response = error.response;
  return typeof response === 'object' && response !== null && 'status' in response ? (response as Answered) : undefined;
}

function loginCall(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('request' in error)) return false;
  const request = error.request;
  const url = typeof request === 'object' && request !== null && 'url' in request ? request.url : '';
  return typeof url === 'string' && /\/app\/installations\/\d+\/access_tokens$/.test(url);
}

function headersOf(parameters: Parameters): Record<string, unknown> {
  const headers = parameters['headers'];
  return typeof headers === 'object' && headers !== null ? { ...headers } : {};
}
