import { momentOf } from '../src/calendar/moments.ts';
import { type Refusal, refusal } from '../src/domain/refusal.ts';
import { inLanguage, moment, say } from '../src/domain/tell/words/say.ts';
import type { Reply } from '../src/ports/chat.ts';
import { refused, tellPrivately } from './shared/answers.ts';
import { findPerson } from './shared/people.ts';
import { type CommandContext, command } from './shared/spec.ts';
import { askersVoice } from './shared/voice.ts';

const SPAN = {
  field: 'text',
  kind: 'words',
  needed: true,
  label: 'time to @person why',
  filler: 'until',
} as const;

/** Hands one's word over for a span of time. */
export const away = command({
  name: 'away',
  summary: 'Lets somebody else decide in your stead until a time; `back` takes it back.',
  topic: 'people',
  examples: ['away 3d to @ben on holiday', 'away until mon 9:00 to ben'],
  forms: [[SPAN]],
  acts: true,
  async run(context, { text }) {
    const read = await readAway(context, text);
    return 'code' in read ? refused([read]) : handOver(context, read);
  },
});

interface Away {
  readonly to: string;
  readonly until: string;
  readonly reason?: string;
}

async function handOver(context: CommandContext, wish: Away): Promise<Reply> {
  const { door, caller } = context;
  const answered = await door.away(caller, wish);
  if (answered.kind === 'duplicate') return { kind: 'nothing' };
  if (answered.kind === 'refused') return refused(answered.refusals);
  const { to, until } = answered.delegation;
  const voice = await askersVoice(context);
  return tellPrivately(
    'waiting',
    say(voice, 'away.until', { name: to.name, time: moment(voice, until) }),
    [say(voice, 'away.told', { name: to.name }), say(voice, 'away.back')],
    inLanguage(voice),
  );
}

/** `3d to @ben on holiday`, `mon 9:00 to "Ben Okafor"`: a time, a person, perhaps why. */
async function readAway({ catalog, caller, clock, reading }: CommandContext, text: string): Promise<Away | Refusal> {
  const [, time, rest] = /^(.+?)\s+to\s+(.+)$/is.exec(text) ?? [];
  if (time === undefined || rest === undefined) {
    const sentence = 'It is not said who decides in your stead.';
    return refusal('delegate-unknown', sentence, 'Type it like this: `away 3d to @ben on holiday`.');
  }
  const { preferences } = await reading.personBook(caller.person.id);
  const until = endOf(time, preferences.timeZone ?? catalog.timeZone ?? 'Etc/UTC', clock.now());
  if (typeof until !== 'string') return until;
  const found = findPerson(catalog, rest, caller.account);
  if ('code' in found) return found;
  return { to: found.person.id, until, ...(found.rest === '' ? {} : { reason: found.rest }) };
}

/** A span of time counts from now, and a day means all of it. */
function endOf(time: string, timeZone: string, now: number): string | Refusal {
  const typed = time.trim();
  if (/^\d{4}-\d\d-\d\d$/.test(typed)) return momentOf(`${typed}T23:59`, timeZone, now);
  const span = momentOf(`in ${typed}`, timeZone, now);
  return typeof span === 'string' ? span : momentOf(typed, timeZone, now);
}
