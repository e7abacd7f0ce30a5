import { z } from 'zod';

/** Slack writes nothing as absent, null or "" by turns. */
const word = z
  .string()
  .nullish()
  .transform((value) => (value === null || value === '' ? undefined : value));

/** The words on a button or menu entry. */
const label = z.object({ text: z.string() }).nullish();
const team = z.object({ id: word, enterprise_id: word }).nullish();
const enterprise = z.object({ id: word }).nullish();
const user = z.object({ id: z.string().min(1), name: word, username: word, team_id: word });

/** Only what we need of each payload; unknown keys are Slack's affair. */
export const commandShape = z.object({
  team_id: word,
  enterprise_id: word,
  channel_id: z.string().min(1),
  user_id: z.string().min(1),
  user_name: word,
  text: z.string().nullish(),
  trigger_id: z.string().min(1),
});

const view = z.object({
  id: z.string(),
  hash: z.string().nullish(),
  callback_id: z.string().nullish(),
  private_metadata: z.string().nullish(),
  app_installed_team_id: word,
  blocks: z.array(z.object({ block_id: z.string().nullish() })).nullish(),
  state: z
    .object({
      values: z.record(
        z.string(),
        z.record(z.string(), z.object({ value: word, selected_option: z.object({ value: z.string() }).nullish() })),
      ),
    })
    .nullish(),
});
export type ViewShape = z.infer<typeof view>;

export const actionShape = z.object({
  team,
  enterprise,
  user,
  trigger_id: word,
  channel: z.object({ id: z.string() }).nullish(),
  container: z
    .object({ channel_id: word, message_ts: word, thread_ts: word, is_ephemeral: z.boolean().nullish() })
    .nullish(),
  message: z.object({ ts: word, thread_ts: word }).nullish(),
  view: view.nullish(),
  actions: z
    .array(
      z.object({
        action_id: z.string(),
        action_ts: word,
        block_id: z.string().nullish(),
        text: label,
        value: z.string().nullish(),
        selected_option: z.object({ value: z.string(), text: label }).nullish(),
      }),
    )
    .min(1),
});
export type ActionShape = z.infer<typeof actionShape>;

export const submissionShape = z.object({ team, enterprise, user, trigger_id: word, view });
export type SubmissionShape = z.infer<typeof submissionShape>;

export const suggestionShape = z.object({
  team,
  enterprise,
  user,
  action_id: z.string(),
  value: z.string(),
  view: view.nullish(),
});

export const eventShape = z.object({
  team_id: word,
  enterprise_id: word,
  context_team_id: word,
  context_enterprise_id: word,
  event_id: z.string().min(1),
  authorizations: z.array(z.object({ team_id: word, enterprise_id: word })).nullish(),
  event: z.object({
    type: z.string(),
    subtype: word,
    channel: z.string().min(1),
    channel_type: word,
    /** Which tab of the app was opened: `home` or `messages`. */
    tab: word,
    user: word,
    team: word,
    user_team: word,
    bot_id: word,
    text: z.string().nullish(),
    ts: word,
    thread_ts: word,
    edited: z.unknown().optional(),
  }),
});
export type EventShape = z.infer<typeof eventShape>;

/** What our own dialogs remember. Only we and Slack can write it; parsed all the same. */
export const memoryShape = z.object({
  channel: z.string(),
  message: z.string().optional(),
  thread: z.string().optional(),
  service: z.string().optional(),
  verb: z.string().optional(),
  value: z.string().optional(),
});
