import type { Announcement, Section } from '../announcement.ts';
import type { Deployment, State } from '../deployment.ts';
import { counted, type Text } from '../text.ts';
import { bare, namesOf, type TellContext, toneOf } from './context.ts';

/**
 * Plain words for everybody: what changed, for whom, since when, whom to ask. No commit, no steps. Only deployments that have begun are
 * spoken of, because what was never begun changed nothing for anybody.
 */
export function broadcastCard(deployment: Deployment, context: TellContext): Announcement {
  const { service, environment } = namesOf(deployment, context);
  const product = service?.title ?? deployment.service;
  const where = environment?.title ?? deployment.environment;
  const words = sentence(deployment, product, where);
  const title: Text = [{ kind: 'strong', text: words.head }];
  const contact = service?.contact;
  return {
    ...bare(toneOf(deployment.state), title, `${words.head}. ${words.tail}`),
    lines: [[words.tail], ...(contact === undefined ? [] : [[`Questions: ${contact}`]])],
    sections: deployment.kind === 'rollback' ? [] : news(deployment),
    context: [{ kind: 'time', at: deployment.endedAt ?? deployment.since, style: 'date' }],
  };
}

interface Words {
  readonly head: string;
  readonly tail: string;
}

const UNCHANGED = 'Nothing has changed for anybody; the former version stays.';

function sentence(deployment: Deployment, product: string, where: string): Words {
  const { state } = deployment;
  if (deployment.kind === 'rollback') return rollbackSentence(state, product, where);
  switch (state) {
    case 'running':
      return {
        head: `${product}: a new version is on its way`,
        tail: `It will be ${where} in a few minutes. Nothing needs to be done.`,
      };
    case 'succeeded':
      return { head: `${product}: a new version is ${where}`, tail: changedWords(deployment) };
    case 'rolling-back':
      return {
        head: `${product}: the new version is being taken back`,
        tail: 'The former version will be there again in a moment.',
      };
    case 'rolled-back':
      return {
        head: `${product}: the new version was taken back`,
        tail: `The former version is ${where} again. What was new is gone for now.`,
      };
    case 'failed':
      return {
        head: `${product}: the new version did not arrive`,
        tail: 'The team is looking at it. Please report anything unusual.',
      };
    case 'cancelled':
      return { head: `${product}: the new version was called off`, tail: UNCHANGED };
    default:
      return { head: `${product}: a new version is being prepared`, tail: UNCHANGED };
  }
}

function rollbackSentence(state: State, product: string, where: string): Words {
  switch (state) {
    case 'succeeded':
      return {
        head: `${product}: the former version is back`,
        tail: `It is ${where} again. What was new is gone for now.`,
      };
    case 'failed':
      return {
        head: `${product}: the former version could not be brought back`,
        tail: 'The team is working on it. Please report anything unusual.',
      };
    case 'cancelled':
      return { head: `${product}: going back was called off`, tail: 'The present version stays.' };
    default:
      return {
        head: `${product}: the former version is being brought back`,
        tail: 'It will be there again in a moment.',
      };
  }
}

function changedWords({ findings }: Deployment): string {
  const notes = releaseNotes(findings?.changeSet.commits ?? []);
  if (notes.length > 0) return 'Here is what changed for you.';
  const count = findings?.commitsTotal ?? 0;
  return count === 0 ? 'It holds no visible changes.' : `It holds ${counted(count, 'change')}.`;
}

function news({ findings, state }: Deployment): readonly Section[] {
  const notes = releaseNotes(findings?.changeSet.commits ?? []);
  if (notes.length === 0 || (state !== 'running' && state !== 'succeeded')) return [];
  return [{ title: 'What is new', items: notes.slice(0, 8).map((one): Text => [one]), total: notes.length }];
}

/** Written for customers in a pull request; titles of commits are not for them. */
function releaseNotes(
  commits: readonly { readonly pullRequest?: { readonly releaseNote?: string } }[],
): readonly string[] {
  return [
    ...new Set(
      commits.flatMap(({ pullRequest }) => (pullRequest?.releaseNote === undefined ? [] : [pullRequest.releaseNote])),
    ),
  ];
}
