import { placeKey } from '../../src/domain/catalog.ts';
import type { Deployment } from '../../src/domain/deployment.ts';
import type { Store } from '../../src/ports/store.ts';
import { DEPLOYS, type Message, PLACES, SHOP, type Where } from '../story/hands.ts';
import { deploymentOf, stateIn, stateShown } from './cards.ts';
import type { Hit } from './hit.ts';
import type { Posted, Side } from './sides.ts';

/** What comes after a message until it is written down that it stands, in milliseconds: the answer, and the database. */
const SETTLING_MS = 1000;

interface Outside {
  readonly sides: readonly Side[];
  readonly hits: readonly Hit[];
}

/**
 * Every message that the programme knows as the row is now, and no others. Where it cannot look whether a post arrived, a message
 * that it does not know is allowed when its answer was lost, or when an instance or the database was hit between the post and the
 * settling of it: one hit allows one card and one reply in each place. These are the doubles.
 */
export async function cardsOf(store: Store, { sides, hits }: Outside, rows: readonly Deployment[]) {
  const faults: string[] = [];
  const doubles = { lost: 0, hit: 0 };
  for (const side of sides) {
    for (const where of PLACES) {
      const known = await handlesIn(store, side, where, rows);
      const posted = side.posted(where);
      const strays = posted.filter((one) => !known.has(one.id) && !isOvertaken(one, posted));
      const { unexplained, explained } = explain(side, strays, hits);
      for (const { lost } of explained) doubles[lost ? 'lost' : 'hit'] += 1;
      faults.push(...unexplained.map((one) => `${side.id}, ${where}: nobody knows of ${words(side, where, one)}`));
      faults.push(...wrongIn(side, where, rows, known));
    }
  }
  return { faults, doubles };
}

/**
 * A call for approvers whose answer was lost, and that nobody needs any more when it comes to be tried again: it stands there once,
 * and is not looked for.
 */
function isOvertaken({ isReply, key }: Posted, posted: readonly Posted[]): boolean {
  return isReply && key !== undefined && posted.filter((one) => one.key === key).length === 1;
}

/** The ids of all messages that the programme knows in a place, each with the deployment if it is a card. */
async function handlesIn(store: Store, { id, hands }: Side, where: Where, rows: readonly Deployment[]) {
  const { tenant, channels } = hands.part;
  const at = placeKey({ chat: id, tenant, channel: channels[where] });
  const known = new Map<string, string | undefined>();
  const keep = async (key: string) => {
    const handle = await store.handle(key);
    if (handle !== undefined) known.set(handle.id, undefined);
  };
  for (const row of rows) {
    for (let version = 1; version <= row.version; version += 1) await keep(`reply:${row.id}@${at}:${version}`);
    const card = await store.handle(`card:${row.id}@${at}`);
    if (card !== undefined) known.set(card.id, row.id);
    const { chases = 0 } = (await store.review(row.id)) ?? {};
    for (let chase = 1; chase <= chases; chase += 1) await keep(`review-due:${row.id}:${chase}`);
  }
  await keep(`intro:${at}`);
  return known;
}

function explain({ canLook }: Side, strays: readonly Posted[], hits: readonly Hit[]) {
  const spent = new Set<string>();
  const isExplained = ({ at, isReply, lost }: Posted) => {
    if (canLook) return false;
    if (lost) return true;
    const hit = hits.find(
      ({ from, until }, index) => from <= at + SETTLING_MS && until >= at && !spent.has(`${index} ${isReply}`),
    );
    if (hit === undefined) return false;
    spent.add(`${hits.indexOf(hit)} ${isReply}`);
    return true;
  };
  const explained = strays.filter(isExplained);
  return { explained, unexplained: strays.filter((one) => !explained.includes(one)) };
}

function wrongIn(
  side: Side,
  where: Where,
  rows: readonly Deployment[],
  known: ReadonlyMap<string, string | undefined>,
) {
  const messages = side.hands.messages(where);
  const faults: string[] = [];
  const tell = (what: string) => void faults.push(`${side.id}, ${where}: ${what}`);
  for (const row of rows) {
    const heard = where === DEPLOYS || (row.startedAt !== undefined && (where === SHOP || isNews(row)));
    const card = messages.find((one) => known.get(one.id) === row.id);
    if (card === undefined) {
      if (heard) tell(`${row.id} (${row.state}) has no card`);
      continue;
    }
    // News for the company name neither state nor deployment.
    if (where !== DEPLOYS && where !== SHOP) continue;
    if (stateShown(card) !== row.state) tell(`the card of ${row.id} (${row.state}) says: ${firstOf(card)}`);
    for (const view of side.views(where, card.id))
      if (stateIn(view) !== row.state) tell(`somebody's view of the card of ${row.id} (${row.state}) says: ${view}`);
    if (messages.findLast((one) => deploymentOf(one) === row.id) !== card)
      tell(`an older card of ${row.id} is kept up`);
  }
  return faults;
}

/** A rollback is told under the news that it takes back. */
function isNews({ environment, kind }: Deployment): boolean {
  return environment === 'production' && kind === 'regular';
}

function words(side: Side, where: Where, { id, at, isReply }: Posted): string {
  const message = side.hands.messages(where).find((one) => one.id === id);
  const said = message === undefined ? '' : firstOf(message);
  return `a ${isReply ? 'reply' : 'card'} of ${new Date(at).toISOString().slice(11, 23)}: ${said}`;
}

function firstOf(message: Message): string {
  return message.words().split('\n')[0] ?? '';
}
