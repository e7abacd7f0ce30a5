import { placeKey, targetKey } from '../../src/domain/catalog.ts';
import { personStream, reviewStream, type Stream, scopeStream, targetStream } from '../../src/domain/event.ts';
import { lockedBy, scopeWords } from '../../src/domain/held.ts';
import { type Scope, scopeKey, scopeOf } from '../../src/domain/lock.ts';
import { sentenceOf } from '../../src/domain/tell/entries.ts';
import type { Store } from '../../src/ports/store.ts';
import { printEntries, safe, showDeployment } from './audit-show.ts';
import type { CommandIo } from './io.ts';

type Read = Pick<Store, 'deployment' | 'entries' | 'target' | 'scopes' | 'review' | 'placeBooks'>;

/** What can be shown, as `audit show` explains it. */
export const SHOWN =
  'D-1042, review:D-1042, person:anna, target:web/production, scope:environment/production, scope:region/eu, scope:service/web, scope:everything, place:slack:T1:C1, people or installation';

/** A stream that was asked for, and what stands over its entries. */
interface Asked {
  readonly stream: Stream;
  readonly head: (store: Read) => Promise<string>;
}

/**
 * Prints what happened to a deployment or to any other stream of the log: a lock's scope, a review, a person, a target, a place. Exit code
 * 1 when there is nothing of that name.
 */
export async function showStream(store: Read, wanted: string, io: CommandIo): Promise<number> {
  if (!/[:/]/.test(wanted) && wanted !== 'people' && wanted !== 'installation')
    return showDeployment(store, wanted, io);
  const asked = askedFor(wanted);
  const some = asked === undefined ? [] : await store.entries({ stream: asked.stream, after: 0, limit: 1 });
  if (asked === undefined || some.length === 0) {
    io.err(`The log has nothing about "${safe(wanted)}". It can show ${SHOWN}.\n`);
    return 1;
  }
  io.out(`${safe(await asked.head(store))}\n\n`);
  await printEntries(store, asked.stream, io, (event) => sentenceOf(event));
  return 0;
}

function askedFor(wanted: string): Asked | undefined {
  const cut = wanted.indexOf(':');
  const [kind, key] = cut < 0 ? [wanted, ''] : [wanted.slice(0, cut), wanted.slice(cut + 1)];
  switch (kind) {
    case 'review': {
      const id = `D-${key.replace(/^d-/i, '')}`;
      return { stream: reviewStream(id), head: (store) => reviewHead(store, id) };
    }
    case 'person':
      return { stream: personStream(key), head: async () => `What ${key} set, and whom they let decide` };
    case 'scope':
    case 'target':
      return ofScope(scopeOf(key === 'everything' ? '*' : kind === 'target' ? `target/${key}` : key));
    case 'place':
      return { stream: `place:${key}`, head: (store) => placeHead(store, key) };
    case 'people':
      return { stream: 'people', head: async () => 'Which accounts were linked' };
    case 'installation':
      return { stream: 'installation', head: async () => 'What the programme did' };
    default:
      return undefined;
  }
}

function ofScope(scope: Scope | undefined): Asked | undefined {
  if (scope === undefined) return undefined;
  const words = scopeWords(scopeKey(scope));
  if (scope.kind === 'target') {
    const { service, environment } = scope;
    return {
      stream: targetStream(service, environment),
      head: async (store) => {
        const { current, lock } = await store.target(service, environment);
        const runs = current === undefined ? 'nothing deployed yet' : `${current.deployment} runs there`;
        return `${targetKey(service, environment)} · ${runs} · ${lock === undefined ? 'open' : lockedBy({ scope, lock })}`;
      },
    };
  }
  return {
    stream: scopeStream(scopeKey(scope)),
    head: async (store) => {
      const lock = (await store.scopes()).find((book) => book.scope === scopeKey(scope))?.lock;
      return lock === undefined ? `${words} · not locked` : `${lockedBy({ scope, lock })}: ${lock.reason}`;
    },
  };
}

async function reviewHead(store: Read, id: string): Promise<string> {
  const review = await store.review(id);
  const end = review?.closed === undefined ? `open, due ${review?.dueAt}` : `closed by ${review.closed.by.name}`;
  return `The review of ${id} · ${end}`;
}

async function placeHead(store: Read, key: string): Promise<string> {
  const book = (await store.placeBooks()).find(({ place }) => placeKey(place) === key);
  return `${key} · ${book?.subscriptions.length ?? 0} subscriptions by its people`;
}
