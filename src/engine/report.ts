import type { Decision } from '../domain/decide.ts';
import type { Deployment } from '../domain/deployment.ts';
import { BOT } from '../domain/person.ts';
import { isForeign } from '../domain/vocabulary.ts';
import type { Settled } from '../ports/store.ts';
import { joined } from './acts.ts';
import { withAdmission } from './admission.ts';
import { consequencesOf } from './consequences.ts';
import type { Kit } from './kit.ts';
import { leftToNewer, transact } from './transact.ts';

export interface Report {
  readonly deployment: string;
  /** The work whose result this is; recorded in the same transaction. */
  readonly settles?: Settled;
  /** Decides on the row as it is at the moment of writing. */
  readonly decide: (deployment: Deployment) => Decision | Promise<Decision>;
}

/**
 * The courier's and the watcher's way through the door: what was seen or done outside becomes events of the bot.
 * @returns the row afterwards, or nothing when the deployment does not exist
 * @throws PortFailure when the log cannot be written, or when the deployment is in the hands of a newer version
 */
export async function report(kit: Kit, { deployment: id, settles, decide }: Report): Promise<Deployment | undefined> {
  const options = settles === undefined ? {} : { settles: [settles] };
  const after = await transact<Deployment | undefined>(kit, options, async (occupied) => {
    const before = await kit.store.deployment(id);
    if (before === undefined) return { moves: [], answer: () => undefined };
    if (isForeign(before)) throw leftToNewer(id);
    const decision = await decide(before);
    const events = decision.kind === 'nothing' ? [] : decision.events.map((event) => ({ event, by: BOT }));
    const opened = await withAdmission(kit, { before, events }, occupied);
    const more = await consequencesOf(kit, opened.move);
    return {
      ...joined(opened.move, more),
      effects: [...opened.effects, ...more.effects],
      answer: ([row]) => row ?? before,
    };
  });
  return after === 'duplicate' ? undefined : after;
}
