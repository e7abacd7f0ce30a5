import { type HeldLock, scopeOf } from '../src/domain/lock.ts';
import { groupsAsked } from '../src/domain/standing.ts';
import { homeCard } from '../src/domain/tell/home.ts';
import { isoNow } from '../src/ports/clock.ts';
import type { Reading } from '../src/ports/reading.ts';
import { answer } from './shared/answers.ts';
import { openDeployments } from './shared/rows.ts';
import { command } from './shared/spec.ts';

/** Shows the asker what is theirs. */
export const home = command({
  name: 'home',
  aliases: ['me'],
  summary: 'Shows what waits for you, what is under way for you, your locks, reviews and preferences.',
  topic: 'looking',
  examples: ['home'],
  forms: [[]],
  acts: false,
  async run({ reading, catalog, caller, clock, rosters }) {
    const [open, locks, reviews, books] = await Promise.all([
      openDeployments(reading),
      heldLocks(reading),
      reading.openReviews(),
      reading.personBooks(),
    ]);
    const home = {
      person: caller.person,
      open,
      locks,
      reviews,
      books,
      rosters: await rosters(groupsAsked(open, catalog)),
    };
    return answer(homeCard(home, { catalog, now: isoNow(clock) }));
  },
});

/** Every lock that stands, the wide ones first. */
async function heldLocks(reading: Reading): Promise<readonly HeldLock[]> {
  const [scopes, targets] = await Promise.all([reading.scopes(), reading.targets()]);
  const wide = scopes.flatMap(({ scope: key, lock }): HeldLock[] => {
    const scope = scopeOf(key);
    return scope === undefined || lock === undefined ? [] : [{ scope, lock }];
  });
  const own = targets.flatMap(({ service, environment, lock }): HeldLock[] =>
    lock === undefined ? [] : [{ scope: { kind: 'target', service, environment }, lock }],
  );
  return [...wide, ...own];
}
