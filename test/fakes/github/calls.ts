import type { FakeRepository, FakeRun, World } from './world.ts';

/** How the fake differs from a well-behaved github.com. May be changed at any time. */
export interface Quirks {
  /** What a dispatch answers: the run's details; 204 although they were asked for; or 422 because the word is unknown. */
  dispatch: 'named' | 'silent' | 'unknown-word';
  /** A new run is left out of this many listings. */
  listingDelay: number;
  /** The next run gets this commit instead of the tag's. */
  otherSha?: string;
  /** Whether `run-name` of the workflow shows the correlation. */
  showsId: boolean;
  /** The webhook of a new run is delivered before the dispatch is answered. */
  webhookFirst: boolean;
  /** A comparison counts all its commits, but lists no more than this. */
  listsAtMost?: number;
  /** Runs end by themselves after so many looks. */
  automatic?: { readonly looks: number; readonly conclusion: 'success' | 'failure' };
}

export interface Call {
  readonly world: World;
  readonly quirks: Quirks;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
  /** Address of the fake itself. */
  readonly origin: string;
  readonly changed: (repository: FakeRepository, run: FakeRun, action: string) => Promise<void>;
}

export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

type Handler = (call: Call) => Reply | Promise<Reply>;
export type RouteTable = readonly (readonly [method: string, template: string, handle: Handler])[];

/** Thrown by handlers; becomes GitHub's own form of a refusal. */
export class Refused extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export function repositoryOf({ world, params }: Call): FakeRepository {
  const found = world.repositories.get(`${params['owner']}/${params['repo']}`);
  if (found === undefined) throw new Refused(404, 'Not Found');
  return found;
}

export function ok(body: unknown): Reply {
  return { status: 200, body };
}

/** The page of a list that was asked for. */
export function paged<Item>({ query }: Call, items: readonly Item[]): readonly Item[] {
  const size = Math.min(100, Number(query.get('per_page') ?? 30));
  const page = Number(query.get('page') ?? 1);
  return items.slice((page - 1) * size, page * size);
}
