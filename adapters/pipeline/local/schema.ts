import { z } from 'zod';

/** Settings of a provider of type `local`. */
export const LocalProvider = z
  .strictObject({
    folder: z.string().min(1).optional().describe('Where run folders are kept. Default: `runs` in the data folder.'),
    repositories: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Folder that relative repository names are read from, as in the `git` source; by default the one Countersign is started in.',
      ),
    keep: z.int().min(1).max(100_000).default(200).describe('How many ended runs keep their logs.'),
  })
  .describe('Runs a command on this machine.');
export type LocalProvider = z.infer<typeof LocalProvider>;

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** What a target says beside `provider: <id>`. */
export const LocalSettings = z.strictObject({
  command: z
    .union([z.string().trim().min(1), z.array(z.string()).min(1)])
    .describe(
      'A line for `/bin/sh`, or a list: the program and its arguments, without a shell. Runs in a worktree at the commit.',
    ),
  env: z
    .record(z.string().regex(NAME, 'This is not a variable name. Use letters, digits and underscores.'), z.string())
    .default({})
    .describe('Further variables for the command. `COUNTERSIGN_...` are set by the bot.'),
});
export type LocalSettings = z.infer<typeof LocalSettings>;

const Mark = z.object({ pid: z.int().positive(), birth: z.string() });

/** What the wrapper is told to do (`job.json`). */
export const Job = z.object({
  repository: z.string(),
  sha: z.string(),
  argv: z.array(z.string()).min(1),
  env: z.record(z.string(), z.string()),
  timeoutMs: z.number(),
});
export type Job = z.infer<typeof Job>;

/** Who keeps the run (`keeper.json`): the one wrapper that came first. */
export const Keeper = Mark.extend({ startedAt: z.string() });
export type Keeper = z.infer<typeof Keeper>;

/** The leader of the command's process group (`command.json`). */
export const Command = Mark;
export type Command = z.infer<typeof Command>;

/** How it ended (`exit.json`). Without this file a run has no result. */
export const Exit = z.object({
  outcome: z.enum(['succeeded', 'failed', 'cancelled', 'timed-out']),
  endedAt: z.string(),
  error: z.string().optional(),
});
export type Exit = z.infer<typeof Exit>;

/** One line of `steps.jsonl`: the command has said which steps there will be, or that one begins. */
export const StepEvent = z.union([
  z.object({ at: z.string(), plan: z.array(z.string()) }),
  z.object({ at: z.string(), step: z.string() }),
]);
export type StepEvent = z.infer<typeof StepEvent>;

/** One line of `artifacts.jsonl`: the command has named an artifact, or said something that names none. */
export const ArtifactEvent = z.union([
  z.object({ name: z.string(), digest: z.string() }),
  z.object({ malformed: z.literal(true) }),
]);
export type ArtifactEvent = z.infer<typeof ArtifactEvent>;
