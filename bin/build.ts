import { join } from 'node:path';
import { chatAdapters, pipelineAdapters, sourceAdapters } from '../adapters/index.ts';
import type { AdapterTools, ChatTools } from '../adapters/shared/adapter.ts';
import type { Configuration } from '../src/config/schema.ts';
import type { Catalog, Place } from '../src/domain/catalog.ts';
import type { Trouble } from '../src/domain/trouble.ts';
import { guardProvider, troublesOf } from '../src/engine/provider-health.ts';
import type { ChatPlatform } from '../src/ports/chat.ts';
import type { Route } from '../src/ports/http.ts';
import type { Pipeline } from '../src/ports/pipeline.ts';
import type { Source } from '../src/ports/source.ts';

export interface Sockets {
  readonly pipelines: ReadonlyMap<string, Pipeline>;
  readonly sources: ReadonlyMap<string, Source>;
  /** Providers that do not answer now. */
  troubles(): readonly Trouble[];
}

/** As the configuration holds it: the type, and what the type's own schema made of the rest. */
interface Typed {
  readonly type: string;
  readonly settings: unknown;
}

/** Makes every provider and source that the configuration names. */
export async function buildSockets({ providers, sources }: Configuration, tools: AdapterTools): Promise<Sockets> {
  const pipelines = Object.entries(providers).map(async ([id, wish]) => [id, await pipeline(id, wish, tools)] as const);
  const hosts = Object.entries(sources).map(async ([id, wish]) => [id, await source(id, wish, tools)] as const);
  const guarded = (await Promise.all(pipelines)).map(([id, one]) => [id, guardProvider(one, tools)] as const);
  return {
    pipelines: new Map(guarded.map(([id, one]) => [id, one.pipeline])),
    sources: new Map(await Promise.all(hosts)),
    troubles: () => troublesOf(guarded.map(([, one]) => one)),
  };
}

function pipeline(id: string, { type, settings }: Typed, tools: AdapterTools): Promise<Pipeline> {
  const adapter = pipelineAdapters.get(type);
  if (adapter === undefined) throw new Error(`There is no provider type "${type}".`);
  return adapter.create(id, settings, tools);
}

function source(id: string, { type, settings }: Typed, tools: AdapterTools): Promise<Source> {
  const adapter = sourceAdapters.get(type);
  if (adapter === undefined) throw new Error(`There is no source type "${type}".`);
  return adapter.create(id, settings, tools);
}

export interface Chats {
  readonly chats: ReadonlyMap<string, ChatPlatform>;
  readonly routes: readonly Route[];
}

/**
 * Makes the chats. The console is on by itself as long as there is no other chat; beside one it must be switched on, and then it
 * only shows: whoever can open it could act as anybody.
 */
export async function buildChats(
  configuration: Configuration,
  own: Omit<ChatTools, 'name' | 'command'>,
): Promise<Chats> {
  const tools: ChatTools = { ...own, name: configuration.name, command: configuration.command };
  const wanted = Object.entries(configuration.chats).filter(
    ([type, settings]) => type !== 'console' && settings !== undefined,
  );
  const console = configuration.chats['console'] as
    | { readonly enabled?: boolean; readonly readOnly?: boolean }
    | undefined;
  const alone = wanted.length === 0;
  if (console?.enabled ?? alone)
    wanted.push(['console', { ...console, readOnly: !alone || console?.readOnly === true }]);
  const made = await Promise.all(
    wanted.map(async ([type, settings]) => {
      const adapter = chatAdapters.get(type);
      if (adapter === undefined) throw new Error(`There is no chat type "${type}".`);
      return [type, await adapter.create(settings, tools)] as const;
    }),
  );
  return {
    chats: new Map(made.map(([type, { chat }]) => [type, chat])),
    routes: made.flatMap(([, { routes }]) => routes),
  };
}

/** Places of the configuration name no workspace, because there is one for each chat: it is written in here. */
export function placed(catalog: Catalog, configuration: Configuration): Catalog {
  const tenantOf = (chat: string): string => chatAdapters.get(chat)?.tenant(configuration.chats[chat]) ?? '';
  const home = (place: Place): Place => (place.tenant === '' ? { ...place, tenant: tenantOf(place.chat) } : place);
  return { ...catalog, subscriptions: catalog.subscriptions.map((one) => ({ ...one, place: home(one.place) })) };
}

/** Names of the providers whose runs only an instance on the same machine, with the same data folder, can look after. */
export function tiedToMachine({ providers }: Configuration): readonly string[] {
  return Object.entries(providers).flatMap(([id, { type }]) =>
    pipelineAdapters.get(type)?.onThisMachine === true ? [id] : [],
  );
}

/** The database that the configuration names, else a file in the data folder. Throws a PortFailure when a reference leads nowhere. */
export async function databaseOf(
  { database }: Configuration,
  { secrets, dataFolder }: Pick<AdapterTools, 'secrets' | 'dataFolder'>,
): Promise<string> {
  if (database === undefined) return join(dataFolder, 'countersign.db');
  return /^(env|file):/.test(database) ? (await secrets.read(database)).trim() : database;
}
