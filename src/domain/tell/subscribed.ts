import type { Audience, Subscription, SubscriptionTerms } from '../catalog.ts';

/** `digest, weekly; events: failed; refs: main`: the words of a subscription, and all that it leaves out the rest by. */
export function termsWords({ audience, ...terms }: SubscriptionTerms & Pick<Subscription, 'audience'>): string {
  return [audience === 'digest' ? `digest, ${terms.cadence ?? 'daily'}` : audience, ...filterWords(terms)].join('; ');
}

const AUDIENCE_WORDS: Readonly<Record<Exclude<Audience, 'digest'>, string>> = {
  engineering: 'as cards for engineers',
  line: 'in one line each',
  broadcast: 'in plain words for everybody',
};

/** `web to production, in one message a week (kinds: hotfix)`: the same in a sentence for whoever is new to it. */
export function subscribedWords({ service, environment, audience, ...terms }: Omit<Subscription, 'place'>): string {
  const what = service === '*' ? 'every service' : service;
  const where = environment === '*' ? 'every environment' : environment;
  const how =
    audience === 'digest'
      ? `in one message a ${terms.cadence === 'weekly' ? 'week' : 'day'} for all`
      : AUDIENCE_WORDS[audience];
  const filters = filterWords(terms);
  return `${what} to ${where}, ${how}${filters.length === 0 ? '' : ` (${filters.join('; ')})`}`;
}

/** By their flags, as they are typed. */
function filterWords({ moments, refs, people, kinds }: SubscriptionTerms): readonly string[] {
  return Object.entries({ events: moments, refs, people, kinds }).flatMap(([name, words]) =>
    words === undefined ? [] : [`${name}: ${words.join(', ')}`],
  );
}
