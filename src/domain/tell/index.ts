import type { Announcement } from '../announcement.ts';
import type { Audience, Subscription } from '../catalog.ts';
import type { Deployment } from '../deployment.ts';
import { coded, plain } from '../text.ts';
import { broadcastCard } from './broadcast.ts';
import { summary, type TellContext } from './context.ts';
import { engineeringCard } from './engineering.ts';
import { lineCard } from './line.ts';
import { subscribedWords } from './subscribed.ts';
import { trainCard } from './train.ts';

/** The root message of a deployment, in the words of an audience; of all its train, where the context holds one. */
export function tell(deployment: Deployment, audience: Audience, context: TellContext): Announcement {
  if (context.train !== undefined) return trainCard(context.train.members, audience, context);
  switch (audience) {
    case 'engineering':
      return engineeringCard(deployment, context);
    case 'line':
      return lineCard(deployment, context);
    // Whoever hears of everything in one message is told of a single deployment, if at all, in plain words.
    case 'digest':
    case 'broadcast':
      return broadcastCard(deployment, context);
  }
}

/**
 * What a place is told once, when the bot comes to it: what will be posted, how to change it, how to stop it.
 * @param command how a command begins there, e.g. `/deploy`
 */
export function introduction(subscriptions: readonly Subscription[], command: string): Announcement {
  const heard = subscriptions.map(subscribedWords).join('; ');
  const first = heard === '' ? 'Nothing is announced here yet.' : `Announced here: ${heard}.`;
  const title = [`Hello, this is Countersign. ${first}`];
  const how = `Change it with \`${command} subscribe <service> <environment>\`, stop it with \`${command} unsubscribe\`, see \`${command} help\`.`;
  return {
    tone: 'neutral',
    title,
    lines: [coded(how)],
    facts: [],
    sections: [],
    buttons: [],
    links: [],
    context: [],
    summary: summary(`${plain(title)} ${plain(coded(how))}`),
  };
}
