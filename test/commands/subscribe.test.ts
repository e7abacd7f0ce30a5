import { describe, expect, it } from 'vitest';
import { plain } from '../../src/domain/text.ts';
import { codesOf, PLACE, told, wordsIn, world } from './world.ts';

const web = { service: 'web', environment: 'production' };

async function wished(line: string): Promise<unknown> {
  const { say, calls } = world();
  await say(line);
  return calls.map(({ member, args }) => [member, ...args]);
}

describe('what a channel subscribes to', () => {
  it.each([
    ['mode:digest', { audience: 'digest' }],
    ['mode:digest --cadence Weekly', { audience: 'digest', cadence: 'weekly' }],
    ['--events failed,started', { audience: 'engineering', moments: ['started', 'failed'] }],
    ['mode:line --events=Failed,failed', { audience: 'line', moments: ['failed'] }],
    ['--refs main,Release/2', { audience: 'engineering', refs: ['main', 'Release/2'] }],
    ['--people "@Ben, anna, ben"', { audience: 'engineering', people: ['ben', 'anna'] }],
    ['--kinds hotfix,rollback', { audience: 'engineering', kinds: ['hotfix', 'rollback'] }],
    [
      'mode:digest --kinds hotfix --people anna --cadence daily',
      { audience: 'digest', cadence: 'daily', people: ['anna'], kinds: ['hotfix'] },
    ],
  ])('is read from %s', async (flags, terms) => {
    expect(await wished(`subscribe web production ${flags}`)).toEqual([['subscribe', PLACE, { ...web, ...terms }]]);
  });

  it.each([
    ['mode:digest --cadence hourly', '"hourly"', 'Known: daily, weekly.'],
    ['--events started,bust', '"bust"', 'Known: asked, started, succeeded, failed.'],
    ['--kinds urgent', '"urgent"', 'Known: regular, hotfix, rollback.'],
    ['--people anna,zoe', '"zoe"', 'Known: anna, ben.'],
    ['--cadence weekly', 'Only a digest', 'mode:digest'],
    ['--events ","', '--events names nothing', '--events started,failed'],
  ])('is refused with what is valid: %s', async (flags, sentence, next) => {
    const { say, calls } = world();

    const reply = await say(`subscribe web production ${flags}`);

    expect(codesOf(reply)).toEqual(['bad-arguments']);
    const words = wordsIn(told(reply));
    expect(words).toContain(JSON.stringify(sentence).slice(1, -1));
    expect(words).toContain(next);
    expect(calls).toEqual([]);
  });

  it('has all that is wrong told at once', async () => {
    const words = wordsIn(told(await world().say('subscribe web production --kinds urgent --people zoe')));

    for (const one of ['urgent', 'zoe']) expect(words).toContain(one);
  });

  it('is said back, and listed with its filters', async () => {
    const { say, shelf } = world();
    const done = told(await say('subscribe web production mode:digest --cadence weekly --events failed --refs main'));
    shelf.books = [
      {
        place: PLACE,
        version: 1,
        subscriptions: [
          { ...web, audience: 'digest', cadence: 'weekly', moments: ['failed'], refs: ['main'] },
          { ...web, service: 'shop', audience: 'line', people: ['anna', 'ben'], kinds: ['hotfix'] },
        ],
      },
    ];

    const list = told(await say('subscriptions'));

    expect(plain(done.title)).toContain('web in production (digest, weekly; events: failed; refs: main)');
    expect(list.sections[0]?.items.map(plain)).toEqual([
      'web in production (digest, weekly; events: failed; refs: main)',
      'shop in production (line; people: anna, ben; kinds: hotfix)',
      'every service in production (broadcast) · by configuration',
    ]);
  });
});
