import { shortSha } from '../change-set.ts';
import type { Deployment, State } from '../deployment.ts';
import { closed } from '../text.ts';

/** By what a comment is found again: hidden where Markdown is shown. One a target, so that the next deployment edits it. */
export function commentMarker({ service, environment }: Pick<Deployment, 'service' | 'environment'>): string {
  return `<!-- countersign:${service}/${environment} -->`;
}

const ENDS: Partial<Record<State, string>> = {
  succeeded: '✅ Deployed',
  failed: '❌ Not deployed',
  'rolling-back': '↩️ Being rolled back',
  'rolled-back': '↩️ Rolled back',
};

/** How a deployment ended, in Markdown for the pull requests that it carries; nothing while it has not. @param url of our page */
export function pullComment(deployment: Deployment, url: string | undefined): string | undefined {
  const { id, service, environment, state, findings, failure, undoneBy, run } = deployment;
  const end = ENDS[state];
  if (end === undefined) return undefined;
  const sha = findings?.sha === undefined ? '' : `, commit \`${shortSha(findings.sha)}\``;
  const lines = [
    `**${end}: ${safe(service)} → ${safe(environment)}** (${linked(id, url)}${sha}).`,
    approvedBy(deployment),
    ...(state === 'failed' && failure !== undefined ? [closed(safe(failure.sentence))] : []),
    ...(undoneBy !== undefined && state !== 'failed' ? [`By the rollback ${safe(undoneBy)}.`] : []),
    ...(run?.url === undefined ? [] : [`${linked('Run', run.url)}.`]),
  ];
  return lines.filter((line) => line !== '').join(' ');
}

function approvedBy({ plan, countersignatures, glass, requester }: Deployment): string {
  const bound = countersignatures.filter(({ binding }) => binding === plan?.hash).map(({ by }) => safe(by.name));
  const asked = `Asked for by ${safe(requester.name)}`;
  if (glass !== undefined) return `${asked}; ${safe(glass.by.name)} broke the glass.`;
  return bound.length === 0
    ? `${asked}; no countersignature was needed.`
    : `${asked}, approved by ${bound.join(', ')}.`;
}

function linked(words: string, url: string | undefined): string {
  // Whatever could end the link's address early is encoded.
  const address = url?.replace(/[()<>\s\\]/g, (sign) =>
    encodeURIComponent(sign).replace('(', '%28').replace(')', '%29'),
  );
  return address === undefined ? safe(words) : `[${safe(words)}](${address})`;
}

/** Words of any origin: they neither format, nor call anybody, nor refer to another issue. */
export function safe(words: string): string {
  return words
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_{}[\]()<>!|~&]/g, (sign) => `\\${sign}`)
    .replace(/[@#]/g, (sign) => `${sign}\u200B`)
    .replace(/:\/\//g, ':\u200B//');
}
