import { mayReview, reviewItem } from '../src/domain/tell/home.ts';
import { inLanguage, say, words } from '../src/domain/tell/words/say.ts';
import { runButton, tellPrivately } from './shared/answers.ts';
import { command } from './shared/spec.ts';
import { askersVoice } from './shared/voice.ts';

const SHOWN = 30;
const BUTTONS = 5;

/** Lists what somebody still has to look at afterwards. */
export const reviews = command({
  name: 'reviews',
  summary: 'Lists what still has to be looked at afterwards: hotfixes, overrides and broken glass.',
  topic: 'looking',
  examples: ['reviews'],
  forms: [[]],
  acts: false,
  async run(context) {
    const { reading, catalog, caller } = context;
    const [open, voice] = await Promise.all([reading.openReviews(), askersVoice(context)]);
    if (open.length === 0) return tellPrivately('good', say(voice, 'reviews.none'), [], inLanguage(voice));
    const mine = open.filter((one) => mayReview(one, caller.person));
    const late = open.filter(({ dueAt }) => dueAt < voice.now).length;
    const title = say(voice, 'reviews.count', { count: open.length, late, mine: mine.length });
    return tellPrivately(late > 0 ? 'bad' : 'waiting', title, [], {
      ...inLanguage(voice),
      sections: [
        {
          title: words(voice, 'reviews.list'),
          items: open.slice(0, SHOWN).map((one) => reviewItem(one, catalog, voice)),
          total: open.length,
        },
      ],
      buttons: mine
        .slice(0, BUTTONS)
        .map(({ deployment: id }) => runButton(words(voice, 'home.show', { id }), `status ${id}`)),
    });
  },
});
