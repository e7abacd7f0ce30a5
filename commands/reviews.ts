import { mayReview, reviewItem } from '../src/domain/tell/home.ts';
import { counted } from '../src/domain/text.ts';
import { isoNow } from '../src/ports/clock.ts';
import { runButton, tellPrivately } from './shared/answers.ts';
import { command } from './shared/spec.ts';

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
  async run({ reading, catalog, caller, clock }) {
    const open = await reading.openReviews();
    if (open.length === 0) return tellPrivately('good', ['No review is open.']);
    const context = { catalog, now: isoNow(clock) };
    const mine = open.filter((one) => mayReview(one, caller.person));
    const late = open.filter(({ dueAt }) => dueAt < context.now).length;
    const words = `${counted(open.length, 'review')} open, ${late} overdue, ${mine.length} that you may do.`;
    return tellPrivately(late > 0 ? 'bad' : 'waiting', [words], [], {
      sections: [
        {
          title: 'Open reviews',
          items: open.slice(0, SHOWN).map((one) => reviewItem(one, context)),
          total: open.length,
        },
      ],
      buttons: mine.slice(0, BUTTONS).map((one) => runButton(`Show ${one.deployment}`, `status ${one.deployment}`)),
    });
  },
});
