import { type Json, record, records, text } from '../fakes/teams/world.ts';
import { shownAs } from './playground-shown.ts';
import { askPlayground, invokeOf, messagePath, parsed, type Table, tellBot } from './playground-table.ts';

interface Card {
  readonly conversation: string;
  readonly id: string;
  readonly activity: Json;
}

export interface Views {
  /** The bot has posted or changed a message. */
  sent(card: Card): void;
  /** Somebody else sits there now: every card is drawn for that person. */
  turned(): Promise<void>;
}

/**
 * Views of their own for the people that a card's `refresh.userIds` names. The Playground has none (it says so): as Teams' clients do,
 * the bot is asked for the card anew, and what it answers is shown to whoever sits there.
 */
export function createViews(table: Table): Views {
  const cards = new Map<string, Card>();
  let last: Promise<void> = Promise.resolve();

  async function draw(card: Card): Promise<void> {
    const { conversation, id, activity } = card;
    const own = await asked(table, card);
    if (cards.get(keyOf(card)) !== card) return;
    const attachments = records(activity['attachments']).map((one, index) =>
      index === 0 && own !== undefined ? { ...one, content: own } : one,
    );
    const shown = shownAs({ ...activity, attachments }, conversation, table.seat);
    await askPlayground(table, 'PUT', messagePath(conversation, id), shown);
  }

  function queue(work: () => Promise<void>): Promise<void> {
    last = last.then(work).catch((error: unknown) => {
      process.stderr.write(`a view could not be drawn: ${String(error)}\n`);
    });
    return last;
  }

  return {
    sent(card) {
      if (refreshOf(card) === undefined && !cards.has(keyOf(card))) return;
      cards.set(keyOf(card), card);
      void queue(() => draw(card));
    },
    turned: () =>
      queue(async () => {
        for (const card of cards.values()) await draw(card);
      }),
  };
}

/** The card as the bot gives it to whoever sits there; nothing for those who have no view of their own. */
async function asked(table: Table, card: Card): Promise<Json | undefined> {
  const { action, userIds } = record(refreshOf(card));
  if (!Array.isArray(userIds) || !userIds.includes(table.seat.mri)) return undefined;
  const value = { action: record(action), trigger: 'automatic' };
  const invoke = invokeOf(table, card.conversation, 'adaptiveCard/action', value, card.id);
  const answer = parsed((await tellBot(table, invoke)).body);
  return answer['type'] === 'application/vnd.microsoft.card.adaptive' ? record(answer['value']) : undefined;
}

function refreshOf({ activity }: Card): unknown {
  return record(records(activity['attachments'])[0]?.['content'])['refresh'];
}

function keyOf({ conversation, id }: Card): string {
  return `${text(conversation)} ${id}`;
}
