import pino from 'pino';
import type { Log } from './ports/log.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LogOptions {
  readonly level: LogLevel;
  /** `json`: one JSON object a line, for machines. `readable`: one line a message, for eyes. */
  readonly form: 'json' | 'readable';
  /** Takes each finished line, which ends in a newline. */
  readonly write: (line: string) => void;
}

const HIDDEN = '[hidden]';

/** How deep fields are looked into; what lies deeper is left out rather than written unseen. */
const DEEPEST = 8;

/** Names of fields whose values are never written, whatever they hold. */
const SECRET_NAME =
  /token|secret|passw(or)?d|passphrase|authorization|cookie|signing|signature|private.?key|api.?key|credential/i;

/** References to secrets name a place, not a value, and help whoever reads the log. */
const REFERENCE = /^(env|file):[^\s]*$/;

const SECRET_VALUES: readonly RegExp[] = [
  /\bx(?:ox[a-z]|app)-[A-Za-z0-9-]{6,}/g,
  /\b(?:gh[opsur]_|github_pat_|glpat-)[A-Za-z0-9_-]{6,}/g,
  /\bAKIA[0-9A-Z]{12,}/g,
  /\bey[A-Za-z0-9_-]{10,}\.ey[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /\bhooks\.slack\.com\/[A-Za-z0-9/_-]+/g,
];
const AUTHORIZATION = /\b(Bearer|Basic|token)\s+[A-Za-z0-9._~+/=-]{8,}/gi;
const URL_LOGIN = /\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi;
const NAMED_VALUE = /\b(access_token|client_secret|token|secret|password|api_?key)=[^\s&"']+/gi;

/** The same text with everything that looks like a secret taken out: tokens, keys, logins within addresses. */
export function scrubText(text: string): string {
  let clean = text;
  for (const pattern of SECRET_VALUES) clean = clean.replace(pattern, HIDDEN);
  return clean
    .replace(AUTHORIZATION, `$1 ${HIDDEN}`)
    .replace(URL_LOGIN, `$1${HIDDEN}@`)
    .replace(NAMED_VALUE, `$1=${HIDDEN}`);
}

/** A copy of fields fit for the log: secrets by name and by look taken out at any depth, errors as name, message and stack. */
function scrubFields(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return scrubRecord(fields, []);
}

/** The log of the programme. A field that cannot be written never costs the message. */
export function createLog(options: LogOptions): Log {
  const { write, form } = options;
  const line = form === 'json' ? write : (json: string) => write(readable(json));
  const logger = pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: line },
  );
  const at = (level: LogLevel) => (fields: Readonly<Record<string, unknown>>, message: string) => {
    if (logger.isLevelEnabled(level)) logger[level](unmixed(scrubFields(fields)), scrubText(message));
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** The log of a started programme: readable on a terminal (standard error), else JSON on standard output. */
export function standardLog(level: LogLevel): Log {
  if (process.stderr.isTTY) return createLog({ level, form: 'readable', write: (line) => process.stderr.write(line) });
  const out = pino.destination({ fd: 1, sync: true });
  return createLog({ level, form: 'json', write: (line) => out.write(line) });
}

/** Fields that bear a name of the log's own would stand twice in the line. */
function unmixed(fields: Record<string, unknown>): Record<string, unknown> {
  const { level, time, msg, ...others } = fields;
  const own = { field_level: level, field_time: time, field_msg: msg };
  return { ...others, ...Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined)) };
}

function scrubRecord(record: object, above: readonly object[]): Record<string, unknown> {
  const clean: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(record)) {
    clean[name] = SECRET_NAME.test(name) && !isHarmless(value) ? HIDDEN : scrubValue(value, [...above, record]);
  }
  return clean;
}

function scrubValue(value: unknown, above: readonly object[]): unknown {
  if (typeof value === 'string') return scrubText(value);
  if (typeof value === 'bigint' || typeof value === 'symbol') return String(value);
  if (typeof value === 'function') return '[function]';
  if (typeof value !== 'object' || value === null) return value;
  if (above.includes(value)) return '[circular]';
  if (above.length >= DEEPEST) return '[deep]';
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'invalid date' : value.toISOString();
  if (value instanceof URL) return scrubText(value.href);
  if (value instanceof Error) return scrubError(value, above);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (value instanceof Headers || value instanceof Map) return scrubRecord(Object.fromEntries(value), above);
  if (Array.isArray(value) || value instanceof Set)
    return [...value].map((item) => scrubValue(item, [...above, value]));
  return scrubRecord(value, above);
}

function scrubError(error: Error, above: readonly object[]): Record<string, unknown> {
  const { name, message, stack, cause } = error;
  const further = scrubRecord(error, above);
  return {
    ...further,
    name,
    message: scrubText(message),
    ...(stack === undefined ? {} : { stack: scrubText(stack) }),
    ...(cause === undefined ? {} : { cause: scrubValue(cause, [...above, error]) }),
  };
}

function isHarmless(value: unknown): boolean {
  if (typeof value === 'string') return REFERENCE.test(value);
  return value === undefined || value === null || typeof value === 'boolean' || typeof value === 'number';
}

/** Control characters but tab and newline: what somebody else wrote must not steer a terminal. */
const CONTROL = /[^\P{Cc}\t\n]/gu;

function readable(json: string): string {
  const { level, time, msg, ...fields } = JSON.parse(json) as Record<string, unknown>;
  const stacks: string[] = [];
  const words = Object.entries(fields).map(([name, value]) => `${name}=${worded(value, stacks)}`);
  const head = `${String(time).slice(11, 19)} ${String(level).padEnd(5)} ${String(msg)}`;
  const line = [head, ...words].join(' ').replaceAll('\n', ' ').replace(CONTROL, '');
  return `${[line, ...stacks.map((stack) => stack.replace(CONTROL, ''))].join('\n')}\n`;
}

function worded(value: unknown, stacks: string[]): string {
  if (typeof value === 'string') return /[\s"=]/.test(value) || value === '' ? JSON.stringify(value) : value;
  if (typeof value === 'object' && value !== null && 'stack' in value && 'message' in value) {
    stacks.push(String(value.stack));
    return JSON.stringify(value.message);
  }
  return JSON.stringify(value) ?? 'undefined';
}
