import { z } from 'zod';

/*
 * Messages of the schema are two sentences: what is the matter, and what to do about it. The first becomes the fault's message,
 * the second its remedy.
 */

/** Ids of services, environments, people, groups, sources and providers. */
export const idSchema = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,39}$/,
    'This is not an id. Use at most 40 lower-case letters, digits and hyphens, beginning with a letter.',
  );

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** A length of time such as `90s`, `60m`, `2h`, `1d` or `1w`; becomes milliseconds. */
export const durationSchema = z
  .string()
  .regex(
    /^[1-9]\d{0,4}[smhdw]$/,
    'This is not a length of time. Write a whole number and a unit, e.g. 90s, 60m, 2h, 1d or 1w.',
  )
  .transform((text) => Number(text.slice(0, -1)) * (UNIT_MS[text.slice(-1)] ?? 0));

/** A secret by reference: `env:NAME` or `file:path`. */
export const referenceSchema = z
  .string()
  .regex(
    /^(env|file):\S.*$/,
    'This is not a reference to a secret. Put it into an environment variable or file and write env:NAME or file:path.',
  );

/** The IANA name of a time zone, e.g. `Europe/Zurich`. */
export const timeZoneSchema = z
  .string()
  .refine(isTimeZone, 'This time zone is unknown. Write its IANA name, e.g. Europe/Zurich or Etc/UTC.');

function isTimeZone(name: string): boolean {
  // Offsets pass `Intl` too, but know nothing of summer time.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** A time on the clocks of some place, `2026-12-20T00:00`, or a date, which means its midnight; becomes the former. */
export const localTimeSchema = z
  .string()
  .refine(
    isLocalTime,
    'This is not a local time. Write a date or a date with a time, e.g. 2026-12-20 or 2026-12-20T18:00.',
  )
  .transform((text) => (text.includes('T') ? text : `${text}T00:00`));

function isLocalTime(text: string): boolean {
  return /^\d{4}-\d\d-\d\d(T\d\d:\d\d)?$/.test(text) && exists(text);
}

/** A moment, ISO 8601 with an offset, e.g. `2026-01-05T09:00Z`; becomes UTC. */
export const momentSchema = z
  .string()
  .refine(
    (text) =>
      /^\d{4}-\d\d-\d\dT\d\d:\d\d(Z|[+-]\d\d:\d\d)$/.test(text) &&
      exists(text.slice(0, 16)) &&
      !Number.isNaN(Date.parse(text)),
    'This is not a moment. Write date, time and Z for UTC, e.g. 2026-01-05T09:00Z.',
  )
  .transform((text) => new Date(text).toISOString());

/** Is there such a day and time? `Date` takes 30 February for 2 March. */
function exists(local: string): boolean {
  const at = Date.parse(`${local.padEnd(16, 'T00:00')}Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(local);
}

/** Some plain words. */
export const wordsSchema = z
  .string()
  .trim()
  .min(1, 'This is empty. Write some words, or remove the key.')
  .max(200, 'This is too long. Use at most 200 characters.');

/** An address that people open in a browser. */
export const urlSchema = z.url({
  protocol: /^https?$/,
  error: 'This is not an address. Write it in full, e.g. https://deploy.example.com.',
});

/** A chat, perhaps its tenant, and a channel; ids of conversations in Teams have a colon of their own: `19:...@thread.tacv2`. */
const PLACE = /^([a-z][a-z0-9-]*)(?::(?!19:)([A-Za-z0-9._-]+))?:((?:19:)?[^\s:]+)$/;

export const placeSchema = z
  .string()
  .regex(
    PLACE,
    'This is not a place. Write the chat, a colon and the channel, e.g. slack:C0123456, teams:19:abc@thread.tacv2 or console:#deploys.',
  )
  .transform((text) => {
    const [, chat = '', tenant = '', channel = ''] = PLACE.exec(text) ?? [];
    return { chat, tenant, channel };
  });

/**
 * Where the log is kept: a file, a PostgreSQL server, or a reference to an address with a password. Other servers are refused in plain
 * words instead of being taken for a file name.
 */
export const databaseSchema = z
  .string()
  .min(1, 'This is empty. Write the path of the SQLite file, or remove the key.')
  .refine(
    (text) => !/^[a-z+]{2,}:\/\//i.test(text) || /^postgres(ql)?:\/\//.test(text),
    'This database is unknown. Use PostgreSQL (postgres://user@host/name), or write the path of an SQLite file.',
  )
  .refine(
    (text) => !/^postgres(ql)?:\/\//.test(text) || (URL.canParse(text) && new URL(text).pathname.length > 1),
    'This address names no database. Write it as postgres://user@host/name.',
  );
