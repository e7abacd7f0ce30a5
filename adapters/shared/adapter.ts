import type { z } from 'zod';
import type { Archive } from '../../src/ports/archive.ts';
import type { ChatPlatform } from '../../src/ports/chat.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Route } from '../../src/ports/http.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Pipeline } from '../../src/ports/pipeline.ts';
import type { PdfFont } from '../../src/ports/print.ts';
import type { Reading } from '../../src/ports/reading.ts';
import type { Records } from '../../src/ports/records.ts';
import type { Secrets } from '../../src/ports/secrets.ts';
import type { Source } from '../../src/ports/source.ts';

/** What every adapter is given; there is no other way to the clock, the log or a secret. */
export interface AdapterTools {
  readonly clock: Clock;
  readonly log: Log;
  readonly secrets: Secrets;
  /** A folder of this installation that survives restarts. */
  readonly dataFolder: string;
}

/** What a kind of provider can and cannot do, in a few words each, for the table in the README. Absent: it cannot. */
export interface Abilities {
  /** As people call it: `GitHub Actions`. */
  readonly title: string;
  /** By which call a run begins. */
  readonly starts: string;
  /** By what a run is found again after a crash. */
  readonly findsBy: string;
  /** How the run is bound to the approved commit, and where the commit is read from. */
  readonly commit: string;
  readonly follows: string;
  readonly stops: string;
  readonly logs?: string;
  /** How a former state comes back, where that is more than the same pipeline with the former commit. */
  readonly rollsBack?: string;
  /** How typed inputs reach the run. */
  readonly inputs?: string;
  /** What it waits for a person for, and whether we may answer. */
  readonly waits?: string;
  readonly artifacts?: string;
  readonly login: string;
  /** What to know beforehand. */
  readonly limits?: string;
}

/** One kind of pipeline provider: its place in `providers`, its settings within a target, and how it is made. */
export interface PipelineAdapter<Provider = unknown, Settings = unknown> {
  /** The word behind `type:` in the configuration; also the folder's name. */
  readonly type: string;
  readonly provider: z.ZodType<Provider>;
  /** Settings under `pipeline:` of a target, beside `provider`. */
  readonly settings: z.ZodType<Settings>;
  readonly abilities: Abilities;
  /** Its runs live on the machine and in the data folder of the instance that started them. */
  readonly onThisMachine?: true;
  create(id: string, provider: Provider, tools: AdapterTools): Promise<Pipeline>;
}

export interface SourceAdapter<Settings = unknown> {
  readonly type: string;
  readonly settings: z.ZodType<Settings>;
  create(id: string, settings: Settings, tools: AdapterTools): Promise<Source>;
}

/** One kind of place that keeps copies as they are; its settings stand under `audit.checkpoints.copies` of the configuration. */
export interface ArchiveAdapter<Settings = unknown> {
  readonly type: string;
  create(settings: Settings, tools: Pick<AdapterTools, 'clock'>): Archive;
}

export interface ChatTools extends AdapterTools {
  /** The name of this installation. */
  readonly name: string;
  /** The command as people type it, e.g. `/deploy`. */
  readonly command: string;
  readonly reading: Reading;
  /** What printed documents are written in, where the configuration names a font. */
  readonly font?: PdfFont;
  /** What the chat keeps by itself, the same for all instances. */
  readonly records: Records;
}

/** One chat platform. `routes` are mounted in the one web server. */
export interface ChatAdapter<Settings = unknown> {
  readonly type: string;
  readonly settings: z.ZodType<Settings>;
  /** Workspace or tenant of the places that the configuration names; empty when the chat is not set up. */
  tenant(settings: Settings | undefined): string;
  create(
    settings: Settings,
    tools: ChatTools,
  ): Promise<{ readonly chat: ChatPlatform; readonly routes: readonly Route[] }>;
}
