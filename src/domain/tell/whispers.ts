import { type Announcement, note } from '../announcement.ts';
import type { Deployment } from '../deployment.ts';
import type { Effect } from '../effect.ts';
import type { Entry } from '../event.ts';
import { systemWords } from '../links.ts';
import type { Account } from '../person.ts';
import { closed, coded, plain } from '../text.ts';
import { pageUrl, summary, type TellContext } from './context.ts';
import { inLanguage, say, sentence, type Voice, words } from './words/say.ts';

/** Moments of a deployment of which its requester alone is told. */
const WHISPERED = ['refused', 'card-undelivered'] as const;
type WhisperTopic = (typeof WHISPERED)[number];

export function isWhispered(topic: string): topic is WhisperTopic {
  return WHISPERED.some((one) => one === topic);
}

/** Tells the requester what nobody else is told. Sentences of refusals stay as they stand in the log. */
export function whisperCard(
  deployment: Deployment,
  topic: WhisperTopic,
  entry: Entry | undefined,
  { catalog }: Pick<TellContext, 'catalog'>,
  voice: Voice,
): Announcement {
  const { id, requester, service, environment, refusals } = deployment;
  const name = { kind: 'person', person: requester, notify: true } as const;
  const code = entry?.event.type === 'card-undelivered' ? entry.event.code : '?';
  const sentences = refusals.map((one) => closed(one.sentence)).join(' ');
  const title =
    topic === 'refused'
      ? say(voice, 'whisper.refused', { name, id, service, environment, sentences: coded(sentences) })
      : say(voice, 'whisper.undelivered', { name, id, code });
  const page = pageUrl(deployment, { catalog });
  return {
    ...note('bad', title, summary(plain(title))),
    links: page === undefined ? [] : [{ label: words(voice, 'notice.details'), url: page }],
    ...inLanguage(voice),
  };
}

type Linked = Pick<Extract<Effect, { readonly kind: 'linked' }>, 'other' | 'fresh' | 'person'>;

/** Tells whoever made the code of a link what became of it. */
export function linkedCard({ other, fresh, person }: Linked, voice: Voice): Announcement {
  const title = say(voice, 'linked.now', { other: accountSaid(other, voice), person });
  const how = sentence(voice, 'linked.how', { system: fresh.system });
  const said = `${plain(title)} ${how.replaceAll('`', '')}`;
  return { ...note('good', title, summary(said), [coded(how)]), ...inLanguage(voice) };
}

function accountSaid({ system, id, name }: Account, voice: Voice): string {
  const own = systemWords(system);
  if (name === undefined || name === id) return words(voice, 'linked.account', { system: own, id });
  return words(voice, 'linked.accountNamed', { system: own, id, name });
}
