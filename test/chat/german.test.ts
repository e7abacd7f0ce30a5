import { afterEach, describe, expect, it } from 'vitest';
import { homeView } from '../../adapters/chat/slack/home.ts';
import { render } from '../../adapters/chat/teams/render.ts';
import type { Announcement } from '../../src/domain/announcement.ts';
import { homeCard } from '../../src/domain/tell/home.ts';
import { BEN, CATALOG } from '../fakes/console-catalog.ts';
import { DEPLOYMENTS, NOW } from '../fakes/console-deployments.ts';
import { type Built, builtConsole } from '../support/console-under-test.ts';
import { cardFaults, wordsOf } from './cards-check.ts';

let built: Built | undefined;
afterEach(() => built?.chat.stop());

const SINCE = '2026-11-21T08:00:00.000Z';

/** Ben's page, with more requests than any list shows. */
function home(language: 'de' | 'en'): Announcement {
  const preferences = { language, timeZone: 'Europe/Berlin' };
  const first = DEPLOYMENTS[0];
  if (first === undefined) throw new Error('There are no samples.');
  const mine = Array.from({ length: 14 }, (_, index) => {
    const number = 2000 + index;
    return { ...first, id: `D-${number}`, number, state: 'running' as const, since: SINCE, requester: BEN };
  });
  const books = [{ person: BEN.id, version: 1, preferences }];
  return homeCard({ person: BEN, open: mine, locks: [], reviews: [], books }, { catalog: CATALOG, now: NOW });
}

describe('the page of one person in German', () => {
  it('on Slack’s Home tab: every word, and moments as Slack tells them to each reader', () => {
    const view = JSON.stringify(homeView(home('de'), { team: 'T1' } as never));

    for (const words of [
      'Auf dich wartet gerade nichts',
      'Deine offenen Deployments',
      'Wird deployt',
      'Deine Seite öffnen',
    ])
      expect(view).toContain(words);
    expect(view).toContain('und 4 weitere');
    expect(view).toContain(`<!date^${Date.parse(SINCE) / 1000}^{date_short_pretty} {time}|21. Nov., 09:00 MEZ>`);
    expect(view).not.toMatch(/more|since|waits|Deploying|Open Your/);
  });

  it('in Teams: every word, with the language for what the client makes of moments', () => {
    const rendered = render(home('de'), { mention: () => undefined }, { key: 'k', revision: 1 });
    const words = wordsOf(rendered.card).join('\n');

    expect(cardFaults(rendered)).toEqual([]);
    expect(rendered.card.lang).toBe('de');
    expect(rendered.summary).toBe(
      'Ben Okafor: Auf dich wartet gerade nichts. Du hast 14 offene Deployments und 0 Sperren.',
    );
    expect(words).toContain('und 4 weitere');
    expect(words).toContain('seit {{DATE(2026-11-21T08:00:00Z, SHORT)}} {{TIME(2026-11-21T08:00:00Z)}}');
    expect(words).not.toMatch(/more|since|waits|Deploying|Open Your/);
  });

  it('on the console: every word of it, by the clock of the person, whatever the browser’s is', async () => {
    built = await builtConsole();
    built.world.answerWith({ kind: 'say', visibility: 'private', announcement: home('de') });

    const page = await (await built.get('/me', { cookie: 'countersign_as=ben' })).text();
    const main = page.slice(page.indexOf('<h1>'), page.indexOf('</main>'));

    expect(page).toContain('<title>Meine Seite · Countersign</title>');
    expect(page).toContain('<div class="page" lang="de">');
    expect(main).toContain('<h1>Meine Seite</h1>');
    expect(main).toContain(`<time datetime="${SINCE}">21. Nov., 09:00 MEZ</time>`);
    expect(main).toContain('und 4 weitere');
    // The page's script tells only these anew.
    expect(main).not.toContain('data-style');
    expect(main).not.toMatch(/more<|since|waits|Deploying|Waiting/);
  });
});

describe('the same in English', () => {
  it('has no mark of a language, and the zone of the person', async () => {
    built = await builtConsole();
    built.world.answerWith({ kind: 'say', visibility: 'private', announcement: home('en') });

    const page = await (await built.get('/me', { cookie: 'countersign_as=ben' })).text();

    expect(page).toContain('<h1>My page</h1>');
    expect(page).toContain(`<time datetime="${SINCE}">21 Nov, 09:00 CET</time>`);
    expect(page).not.toContain('lang="de"');
    expect(render(home('en'), { mention: () => undefined }, { key: 'k', revision: 1 }).card).not.toHaveProperty('lang');
  });
});
