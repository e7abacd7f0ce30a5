import type { Announcement } from '../announcement.ts';
import { type Deployment, stateWords } from '../deployment.ts';
import { linksOf } from './buttons.ts';
import { bare, refWords, type TellContext, toneOf } from './context.ts';
import { progressOf } from './progress.ts';
import { happening } from './sentence.ts';
import { kindWords } from './terms.ts';

/** One line, edited in place: for people who want to see it pass by. */
export function lineCard(deployment: Deployment, context: TellContext): Announcement {
  const word = `${kindWords(deployment)}${stateWords(deployment.state).word}`;
  const progress = deployment.state === 'running' ? progressOf(deployment, context.now) : undefined;
  const words = `${word}: ${deployment.service} to ${deployment.environment} (${deployment.id}). ${happening(deployment, context)}`;
  const title = [
    { kind: 'strong' as const, text: word },
    ` · ${deployment.service} → ${deployment.environment} · `,
    ...refWords(deployment),
    ` · ${deployment.requester.name} · ${deployment.id}`,
    ...(progress === undefined ? [] : [` · ${progress.words}`]),
  ];
  const links = linksOf(deployment, context).filter(({ label }) => label === 'Details');
  return { ...bare(toneOf(deployment.state), title, words), links };
}
