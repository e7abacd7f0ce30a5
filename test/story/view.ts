import type { Program } from '../../bin/assemble.ts';
import { until } from '../support/until.ts';
import type { Hands, Message, Where, Who } from './hands.ts';

export const PATIENCE_MS = 12_000;
/** So often at most is a review asked for in a story. */
const CHASES = [1, 2, 3, 4];

/** What is to be seen of deployments in one chat. */
export interface View {
  readonly hands: Hands;
  /** The one root message of a deployment in a place, once it shows all these words. */
  card(id: string, where: Where, ...words: readonly string[]): Promise<Message>;
  roots(id: string, where: Where): Promise<readonly Message[]>;
  /** How many root messages of a deployment there are in each of these places. */
  counts(id: string, places: readonly Where[]): Promise<readonly number[]>;
  /** Replies under the root message of a deployment. */
  thread(id: string, where: Where): Promise<readonly Message[]>;
  /** The first reply with all these words under the root message of a deployment. */
  reply(id: string, where: Where, ...words: readonly string[]): Promise<Message>;
  /** What a person is told next, after having done this. */
  told(who: Who, act: () => Promise<unknown>): Promise<Message>;
  /** What a person is told, once it holds all these words. */
  whispered(who: Who, ...words: readonly string[]): Promise<Message>;
}

export function viewOf(hands: Hands, program: () => Program): View {
  /** Of every message in a place that the programme holds for a deployment's card, which deployment that is. */
  async function owners(where: Where): Promise<ReadonlyMap<string, string>> {
    const { tenant, channels } = hands.part;
    const { store } = program();
    const rows = await store.deployments({ limit: 1000 });
    const ids = [...new Set(rows.flatMap(({ id, train }) => [id, ...(train === undefined ? [] : [train.id])]))];
    const pairs = ids.map(async (id): Promise<[string, string]> => {
      const handle = await store.handle(`card:${id}@${hands.id}:${tenant}:${channels[where]}`);
      return [handle?.id ?? '', id];
    });
    // What asks for a review stands in the channel as well, and is no card.
    const chases = rows.flatMap(({ id }) => CHASES.map((time) => store.handle(`review-due:${id}:${time}`)));
    const notices = (await Promise.all(chases)).map((handle): [string, string] => [handle?.id ?? '', 'a notice']);
    return new Map([...(await Promise.all(pairs)), ...notices]);
  }

  async function roots(id: string, where: Where): Promise<readonly Message[]> {
    const known = await owners(where);
    return hands.messages(where).filter((one) => hands.isRoot(one, id, known.get(one.id)));
  }

  async function thread(id: string, where: Where): Promise<readonly Message[]> {
    const tops = (await roots(id, where)).map((one) => one.id);
    return hands.messages(where).filter(({ under }) => under !== undefined && tops.includes(under));
  }

  async function card(id: string, where: Where, ...words: readonly string[]): Promise<Message> {
    const look = async () => (await roots(id, where)).at(-1);
    try {
      return await until(
        `the card of ${id} in ${where} of ${hands.id}`,
        async () => {
          const one = await look();
          return one !== undefined && holds(one, words) ? one : undefined;
        },
        PATIENCE_MS,
      );
    } catch (error) {
      throw new Error(`${String(error)}; it shows: ${(await look())?.words() ?? 'nothing'}`);
    }
  }

  return {
    hands,
    card,
    roots,
    counts: async (id, places) => Promise.all(places.map(async (where) => (await roots(id, where)).length)),
    thread,
    reply: (id, where, ...words) =>
      until(
        `a reply under ${id} in ${where} of ${hands.id}`,
        async () => (await thread(id, where)).find((one) => holds(one, words)),
        PATIENCE_MS,
      ),
    async told(who, act) {
      const before = hands.privately(who).length;
      await act();
      return until(`an answer for ${who}`, () => hands.privately(who)[before], PATIENCE_MS);
    },
    whispered: (who, ...words) =>
      until(
        `${who} to be told "${words.join('", "')}"`,
        () => hands.privately(who).find((one) => holds(one, words)),
        PATIENCE_MS,
      ),
  };
}

function holds(message: Message, words: readonly string[]): boolean {
  const shown = message.words();
  return words.every((word) => shown.includes(word));
}
