import { z } from 'zod';
import { LANGUAGES } from '../domain/person-book.ts';
import { accessSchema } from './access-schema.ts';
import { announceSchema } from './announce-schema.ts';
import { approvalSchema } from './approval-schema.ts';
import { auditSchema } from './audit-schema.ts';
import { calendarSchema } from './calendar-schema.ts';
import { evidenceSchema } from './evidence-schema.ts';
import { databaseSchema, idSchema, timeZoneSchema, urlSchema, wordsSchema } from './fields.ts';
import { groupSchema } from './group-schema.ts';
import { environmentSchema, serviceSchema } from './service-schema.ts';

/** What the configuration needs to know of one kind of source or chat: the word behind `type`, and its own schema. */
export interface SettingsPart {
  readonly type: string;
  readonly settings: z.ZodType;
}

interface PipelinePart {
  readonly type: string;
  /** Settings of the provider itself, under `providers`. */
  readonly provider: z.ZodType;
  /** Settings of one use of it, under `pipeline` of a service or target. */
  readonly settings: z.ZodType;
}

/** The parts of the schema that belong to adapters. */
export interface ConfigurationParts {
  readonly chats: readonly SettingsPart[];
  readonly sources: readonly SettingsPart[];
  readonly pipelines: readonly PipelinePart[];
}

/** The schema of `countersign.yaml`. Faults within adapters' settings are reported at their own place. */
export function configurationSchema(parts: ConfigurationParts) {
  const providers = parts.pipelines.map(({ type, provider }) => ({ type, settings: provider }));
  return z.strictObject({
    name: wordsSchema.default('Countersign').describe('The name of this installation.'),
    baseUrl: urlSchema
      .transform((url) => url.replace(/\/+$/, ''))
      .optional()
      .describe('Address under which people reach the web pages; messages link to them while the console is on.'),
    command: z
      .string()
      .regex(
        /^\/[a-z0-9_-]{1,31}$/,
        'This is not a command. Write a slash and up to 31 of a-z, 0-9, _ and -, e.g. /deploy.',
      )
      .default('/deploy')
      .describe('The command as people type it.'),
    database: databaseSchema
      .optional()
      .describe(
        'Path of the SQLite file (default: a file in the data folder), `postgres://user@host/name`, or `env:NAME` or `file:path` that holds such an address with its password.',
      ),
    web: webSchema.describe('The web server: pages, webhooks, health and metrics.'),
    chats: chatsSchema(parts.chats).describe('Chat platforms; without any, the console in the browser is the chat.'),
    people: z.array(personSchema).default([]).describe('Everybody who may act, with the accounts that are theirs.'),
    groups: z.record(idSchema, groupSchema).default({}).describe('Groups of people, for approval and access.'),
    sources: z.record(idSchema, typedSchema(parts.sources)).default({}).describe('Where code is kept.'),
    providers: z.record(idSchema, typedSchema(providers)).default({}).describe('Where pipelines run.'),
    environments: z
      .record(idSchema, environmentSchema.nullable())
      .describe('Where services are deployed to, in order.'),
    services: z.record(idSchema, serviceSchema).describe('What is deployed.'),
    announce: z.array(announceSchema).default([]).describe('Channels that are told, and in which words.'),
    approval: approvalSchema
      .prefault({})
      .describe('Who must countersign, unless an environment, service or target says otherwise.'),
    access: accessSchema
      .optional()
      .describe('Who may do what, unless an environment, service or target says otherwise.'),
    timeZone: timeZoneSchema.optional().describe('IANA name of the time zone of the team. Default: `Etc/UTC`.'),
    language: z
      .enum(LANGUAGES)
      .optional()
      .describe('The language in which whoever has chosen none is told what nobody else sees. Default: `en`.'),
    calendar: calendarSchema.optional().describe('When deployments are closed.'),
    audit: auditSchema.optional().describe('What is done so that others can check the log.'),
    evidence: evidenceSchema.optional().describe('How evidence is printed.'),
  });
}
export type Configuration = z.output<ReturnType<typeof configurationSchema>>;

const webSchema = z
  .strictObject({
    host: z.string().min(1).default('127.0.0.1').describe('Address to listen on.'),
    port: z.int().min(0).max(65_535).default(4400).describe('Port to listen on; 0 takes any free one.'),
  })
  .prefault({});

const accountsSchema = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);

const personSchema = z.strictObject({
  id: idSchema.describe('How groups name the person.'),
  name: wordsSchema.describe('How cards name the person.'),
  accounts: z
    .record(z.string().min(1), accountsSchema)
    .default({})
    .describe(
      "The person's ids by system, e.g. `slack: U0123456`, `github: anna`, `email: anna@example.com`; one or a list.",
    ),
});

function chatsSchema(parts: readonly SettingsPart[]) {
  const shape = Object.fromEntries(parts.map(({ type, settings }) => [type, settings.optional()]));
  return z
    .strictObject(shape)
    .prefault({})
    .transform((chats) => chats as Readonly<Record<string, unknown>>);
}

/** `type` and, beside it, the settings of that type; each fault keeps the place where the adapter's own schema found it. */
function typedSchema(parts: readonly SettingsPart[]) {
  const types = parts.map(({ type }) => type);
  const typed = z.looseObject({ type: z.enum(types).describe(`One of: ${types.join(', ')}.`) });
  return typed.transform((value, context) => {
    const { type, ...own } = value;
    const result = parts.find((part) => part.type === type)?.settings.safeParse(own);
    if (result?.success === true) return { type, settings: result.data };
    for (const issue of result?.error.issues ?? []) {
      context.issues.push({ ...issue, input: own, path: [...issue.path] } as z.core.$ZodRawIssue);
    }
    return z.NEVER;
  });
}
