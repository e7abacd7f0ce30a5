import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Effect } from '../../src/domain/effect.ts';
import type { Notice } from '../../src/domain/notice.ts';
import { plain } from '../../src/domain/text.ts';
import { vocabularyOf } from '../../src/domain/vocabulary.ts';
import { codes, done, openWorld, place, type World } from './world.ts';

let world: World;
afterEach(() => world.close());

async function open(path?: string): Promise<World> {
  world = await openWorld(path);
  return world;
}

function wish(what: string, value: string, who = 'anna') {
  return world.door.prefer(world.caller(who), { what, value });
}

const LOCK = {
  by: { id: 'anna', name: 'Anna', known: true, accounts: [] },
  reason: 'index',
  at: '2026-11-20T09:00:00.000Z',
};

/** Tells somebody or a place, and gives the words that came. */
async function told(notice: Notice, to: Extract<Effect, { kind: 'notice' }>['to']): Promise<readonly string[]> {
  const key = `told-${notice.kind}-${'place' in to ? to.place.channel : to.person.id}`;
  const effect = { kind: 'notice', notice, to } as const;
  await world.store.commit({
    expect: [],
    entries: [],
    wakeups: [],
    effects: [{ key, lane: key, mode: 'once', effect, due: world.clock.now() }],
  });
  const whispered = () => world.chat.whispers.find(({ message }) => message.key === key)?.message;
  const posted = () => world.chat.shown.find((one) => one.key === key)?.versions[0];
  const message = await world.until('the message', () => whispered() ?? posted());
  return [message.announcement.title, ...message.announcement.lines].map(plain);
}

describe('a language', () => {
  it('is kept in the book, and is still there when the programme starts anew on the same file', async () => {
    const path = join(await mkdtemp(join(tmpdir(), 'countersign-')), 'book.sqlite');
    await open(path);
    await wish('timezone', 'Europe/Berlin');
    expect(await wish('language', 'de')).toMatchObject({ kind: 'done', preferences: { language: 'de' } });
    await wish('language', 'de');
    await world.close();

    await open(path);

    expect((await world.store.personBook('anna')).preferences).toEqual({ timeZone: 'Europe/Berlin', language: 'de' });
    const entries = await world.store.entries({ stream: 'person:anna', limit: 10 });
    expect(entries.map(({ event }) => event)).toMatchObject([
      { type: 'preferred' },
      { preferences: { language: 'de' } },
    ]);
    expect(entries.map(({ event }) => vocabularyOf(event))).toEqual([3, 3]);
  });

  it('that the bot does not speak is refused, in the language spoken so far', async () => {
    await open();
    await wish('language', 'de');

    const refused = await wish('language', 'fr');

    expect(codes(refused)).toEqual(['bad-preference']);
    expect(refused).toMatchObject({ refusals: [{ sentence: '„fr“ ist keine Sprache, die der Bot spricht.' }] });
  });
});

describe('what one person alone is told', () => {
  it('is in their language, by their clock; a channel is told in English', async () => {
    await open();
    await wish('language', 'de');
    await wish('timezone', 'Europe/Berlin');
    const { person } = world.caller('anna');
    const notice = { kind: 'lock-still-needed', scope: 'target/web/production', lock: LOCK } as const;

    expect(await told(notice, { person })).toEqual([
      'Brauchst du deine Sperre für web in production noch?',
      'Grund: index',
      'Sie besteht seit 20. Nov., 10:00 MEZ. Heb sie auf mit unlock web production.',
    ]);
    expect(await told(notice, { place: place('C-deploys') })).toEqual([
      'Do you still need the lock of web in production?',
      'Reason: index',
      'You locked it 2026-11-20 09:00 UTC. Open it with unlock web production.',
    ]);
  });

  it.each<[Notice, string]>([
    [{ kind: 'lock-expired', scope: '*', lock: LOCK }, 'Deine Sperre für alles ist abgelaufen.'],
    [
      { kind: 'lock-taken', scope: 'service/web', lock: LOCK, by: { ...LOCK.by, name: 'Ben' }, reason: 'Hotfix' },
      'Ben hat deine Sperre für web in allen Umgebungen übernommen: Hotfix',
    ],
    [
      { kind: 'lock-opened', scope: 'region/eu', lock: LOCK, by: { ...LOCK.by, name: 'Ben' } },
      'Ben hat deine Sperre für alles in der Region eu aufgehoben.',
    ],
    [
      {
        ...{ kind: 'review-due', deployment: 'D-7', service: 'web', environment: 'production' },
        ...{ causes: ['break-glass'], dueAt: '2026-11-19T09:00:00.000Z', overdue: true },
      },
      'Das Review von D-7 ist überfällig seit 19. Nov., 09:00 UTC',
    ],
    [
      { kind: 'review-closed', deployment: 'D-7', by: { ...LOCK.by, name: 'Ben' }, note: 'alles gut' },
      'Ben hat das Review von D-7 abgeschlossen: alles gut',
    ],
    [
      { kind: 'delegated', by: { ...LOCK.by, name: 'Ben' }, from: LOCK.at, until: '2026-11-23T09:00:00.000Z' },
      'Ben bittet dich, bei Freigaben die Vertretung zu übernehmen.',
    ],
    [{ kind: 'delegation-ended', by: { ...LOCK.by, name: 'Ben' } }, 'Ben entscheidet wieder selbst.'],
  ])('of %o', async (notice, title) => {
    await open();
    world.catalog = { ...world.catalog, language: 'de' };

    expect((await told(notice, { person: world.caller('anna').person }))[0]).toBe(title);
  });

  it('about a request that came to nothing is in their words around the sentence of the log', async () => {
    await open();
    await wish('language', 'de');
    const answer = await world.door.request(world.caller('anna'), {
      ...{ service: 'web', environment: 'production', ref: 'nowhere', reason: 'Sale' },
    });
    const { id } = await world.reach(done(answer).id, 'refused');

    const whisper = await world.until('the whisper', () => world.chat.whispers[0]);

    expect(plain(whisper.message.announcement.title)).toMatch(
      new RegExp(`^Anna, ${id} \\(web nach production\\) wurde nicht zugelassen: .+`),
    );
    expect(whisper.message.announcement.language).toBe('de');
  });
});
