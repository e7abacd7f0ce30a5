import { z } from 'zod';
import type { Announcement } from '../../../src/domain/announcement.ts';

/** Settings under `chats.console` of the configuration. */
export const ConsoleSettings = z.strictObject({
  enabled: z.boolean().optional().describe('Serve the web console. Without any other chat it is on by itself.'),
  readOnly: z.boolean().optional().describe('Show the pages, but take no command, button or form.'),
});
export type ConsoleSettings = z.infer<typeof ConsoleSettings>;

const WrittenAnnouncement = z.custom<Announcement>(
  (value) =>
    z.looseObject({ tone: z.string(), title: z.array(z.unknown()), summary: z.string() }).safeParse(value).success,
);

/** A message as it lies in the console's book. */
const WrittenMessage = z.object({
  id: z.string(),
  key: z.string(),
  channel: z.string(),
  at: z.string(),
  revision: z.number(),
  announcement: WrittenAnnouncement,
  thread: z.string().optional(),
  broadcast: z.boolean().optional(),
  to: z.string().optional(),
  asked: z.string().optional(),
  changedAt: z.string().optional(),
});

/** A record of the console's book. `begin` is no longer written: it stands in the files of versions that counted their ids. */
export const Written = z.discriminatedUnion('do', [
  z.object({ do: z.literal('begin'), next: z.number().int().positive() }),
  z.object({ do: z.literal('post'), message: WrittenMessage }),
  z.object({
    do: z.literal('update'),
    id: z.string(),
    revision: z.number(),
    announcement: WrittenAnnouncement,
    at: z.string(),
  }),
  z.object({ do: z.literal('remove'), id: z.string() }),
]);
export type Written = z.infer<typeof Written>;
