import { placeKey } from '../src/domain/catalog.ts';
import { termsWords } from '../src/domain/tell/subscribed.ts';
import { counted } from '../src/domain/text.ts';
import { runButton, tellPrivately } from './shared/answers.ts';
import { print } from './shared/print.ts';
import { command } from './shared/spec.ts';
import { scopeWords } from './shared/subscriptions.ts';
import { unsubscribe } from './unsubscribe.ts';

const BUTTONS = 20;

/** Lists what this channel is told of, with a way to stop each. */
export const subscriptions = command({
  name: 'subscriptions',
  summary: 'Lists what this channel is told of, with a button to stop each.',
  topic: 'channels',
  examples: ['subscriptions'],
  forms: [[]],
  acts: false,
  async run({ catalog, reading, place }) {
    const key = placeKey(place);
    const fixed = catalog.subscriptions.filter((one) => placeKey(one.place) === key);
    const book = (await reading.placeBooks()).find((one) => placeKey(one.place) === key);
    const own = book?.subscriptions ?? [];
    const words = (one: (typeof own)[number]) => `${scopeWords(one.service, one.environment)} (${termsWords(one)})`;
    if (own.length + fixed.length === 0) {
      return tellPrivately(
        'neutral',
        ['This channel is told of nothing.'],
        [['Begin with ', { kind: 'code', text: 'subscribe <service|*> <env|*>' }, '.']],
      );
    }
    const broken = book?.broken === undefined ? [] : [[`Nothing could be delivered here lately: ${book.broken.code}.`]];
    const items = [...own.map((one) => [words(one)]), ...fixed.map((one) => [`${words(one)} · by configuration`])];
    return tellPrivately('neutral', [`This channel has ${counted(items.length, 'subscription')}.`], broken, {
      sections: [{ title: 'Told of', items, total: items.length }],
      buttons: own
        .slice(0, BUTTONS)
        .map(({ service, environment }) =>
          runButton(`Stop ${scopeWords(service, environment)}`, print(unsubscribe, { service, environment })),
        ),
    });
  },
});
