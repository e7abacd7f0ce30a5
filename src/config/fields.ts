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

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A length of time such as `90s`, `60m`, `2h` or `1d`; becomes milliseconds. */
export const durationSchema = z
  .string()
  .regex(
    /^[1-9]\d{0,4}[smhd]$/,
    'This is not a length of time. Write a whole number and a unit, e.g. 90s, 60m, 2h or 1d.',
  )
  .transform((text) => Number(text.slice(0, -1)) * (UNIT_MS[text.slice(-1)] ?? 0));

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
