import type { Announcement } from '../../../../src/domain/announcement.ts';
import { groupName } from '../../../../src/domain/code-owners.ts';
import type { Deployment, Findings } from '../../../../src/domain/deployment.ts';
import type { Entry } from '../../../../src/domain/event.ts';
import { exclusionOf } from '../../../../src/domain/policy.ts';
import { partWords } from '../../../../src/domain/refusals.ts';
import { commitLine } from '../../../../src/domain/tell/engineering.ts';
import { sentenceOf } from '../../../../src/domain/tell/entries.ts';
import { progressOf } from '../../../../src/domain/tell/progress.ts';
import { duration } from '../../../../src/domain/text.ts';
import { type Html, html, NOTHING } from '../markup.ts';
import { card, type Reader, stepList, text } from '../render.ts';
import { type Frame, layout, readerOf } from './layout.ts';
import { avatar, commit, deploymentLink, empty, moment, who } from './pieces.ts';

export interface DeploymentView {
  readonly deployment: Deployment;
  /** As engineers are told it. */
  readonly announcement: Announcement;
  /** Its entries in the log, oldest first. */
  readonly entries: readonly Entry[];
  /** The last lines of the run, or why there are none. */
  readonly log: { readonly kind: 'lines'; readonly text: string } | { readonly kind: 'words'; readonly text: string };
  /** ISO 8601 in UTC. */
  readonly now: string;
}

/** Everything about one deployment, each part a live region of its own. */
export function deploymentPage(frame: Frame, view: DeploymentView): Html {
  const { deployment, entries } = view;
  const reader = readerOf(frame);
  const body = html`<div class="page">
    <p class="crumb"><a href="/deployments">Deployments</a> · <a href="/deployments/${encodeURIComponent(deployment.id)}/evidence">Evidence</a></p>
    <h1>${deployment.id} <span class="h1-rest"><bdi>${deployment.service}</bdi> → <bdi>${deployment.environment}</bdi></span></h1>
    <div id="card" data-live>${standing(deployment, reader)}${card('d', pageCard(view.announcement), pageReader(reader))}</div>
    <div class="columns"><div>
      <section id="steps" data-live>${steps(deployment, view.now)}</section>
      <section id="signatures" data-live>${signatures(deployment)}</section>
      <section id="changes" data-live>${changes(deployment.findings, reader)}</section>
      <section id="log" data-live>${logTail(view.log)}</section>
    </div>
    <section id="timeline" data-live>${timeline(entries)}</section></div>
  </div>`;
  return layout(frame, {
    title: `${deployment.id} ${deployment.service} → ${deployment.environment}`,
    current: 'deployments',
    body,
  });
}

/** The card stands on this very page: presses carry no message. */
function pageReader(reader: Reader): Reader {
  return { ...reader, message: '' };
}

/** What has a place of its own further down is left out of the card. */
function pageCard({ progress, ...announcement }: Announcement): Announcement {
  const links = announcement.links.filter(({ label }) => label !== 'Details');
  const bar = progress === undefined ? {} : { progress: { ...progress, steps: [] } };
  return { ...announcement, sections: [], links, ...bar };
}

/** Why the reader's own approval would not count, before the press. */
function standing(deployment: Deployment, reader: Reader): Html {
  const part = exclusionOf(reader.person, deployment.findings?.excluded ?? []);
  if (reader.readOnly || part === undefined || deployment.state !== 'awaiting-approval') return NOTHING;
  return html`<p class="standing">You ${partWords(part)}, so you may not countersign it. A different person must.</p>`;
}

export function missingPage(frame: Frame, id: string): Html {
  const body = html`<div class="page"><h1>No such deployment</h1>${empty(id, html`There is no deployment of this number. <a href="/deployments">All deployments</a>`)}</div>`;
  return layout(frame, { title: 'No such deployment', current: 'deployments', body });
}

function steps(deployment: Deployment, now: string): Html {
  const progress = progressOf(deployment, now);
  if (progress === undefined || progress.steps.length === 0) return NOTHING;
  const { startedAt, endedAt, run } = deployment;
  const took =
    startedAt === undefined || endedAt === undefined
      ? ''
      : ` · ${duration(Date.parse(endedAt) - Date.parse(startedAt))}`;
  return html`<h2>Steps <small>${run === undefined ? '' : `${run.provider} ${run.id}`}${took}</small></h2>${stepList(progress.steps)}`;
}

function signatures({ countersignatures, plan, kind }: Deployment): Html {
  if (countersignatures.length === 0 && plan === undefined) return NOTHING;
  const none = kind === 'rollback' ? 'None needed: what it brings back was approved before.' : 'None yet.';
  return html`<h2>Countersignatures</h2>
    ${countersignatures.length === 0 && html`<p class="muted">${none}</p>`}
    <ul class="rows">${countersignatures.map(
      ({ by, groups, at, through, onBehalfOf }) =>
        html`<li>${who(by)}<span class="muted">${onBehalfOf !== undefined && html`in the stead of <bdi>${onBehalfOf.name}</bdi> `}for ${groups.map(groupName).join(', ')} · through ${through.system} · ${moment(at)}</span></li>`,
    )}</ul>
    ${plan !== undefined && html`<p class="muted">Plan <code title="${plan.hash}">${plan.hash.slice(0, 12)}</code> · commit ${commit(plan.sha)}</p>`}`;
}

function changes(findings: Findings | undefined, reader: Reader): Html {
  if (findings === undefined) return NOTHING;
  const { changeSet, commitsTotal, warnings, former } = findings;
  const flagged = changeSet.files.filter(({ flag }) => flag !== undefined);
  const left = commitsTotal - changeSet.commits.length;
  return html`<h2>Change set <small>${commitsTotal}</small></h2>
    ${former !== undefined && html`<p class="muted">After ${commit(former.sha)} of ${deploymentLink(former.deployment)}</p>`}
    ${warnings.length > 0 && html`<ul class="warnings">${warnings.map((one) => html`<li>${one}</li>`)}</ul>`}
    <ul class="rows">${changeSet.commits.map((one) => html`<li>${text(commitLine(one), reader)}</li>`)}${left > 0 && html`<li class="muted">and ${left} more</li>`}</ul>
    ${flagged.length > 0 && html`<h3>Files to look at</h3><ul class="rows">${flagged.map(({ path, flag }) => html`<li><code><bdi>${path}</bdi></code><span class="flag">${flag}</span></li>`)}</ul>`}`;
}

function logTail(log: DeploymentView['log']): Html {
  return html`<h2>Log</h2>${log.kind === 'words' ? html`<p class="muted">${log.text}</p>` : html`<pre class="log" id="log-tail" tabindex="0" role="region" aria-label="Last lines of the log">${log.text}</pre>`}`;
}

function timeline(entries: readonly Entry[]): Html {
  return html`<h2>Timeline <small>from the audit log</small></h2>
    <ol class="timeline">${entries.map(
      ({
        seq,
        by,
        at,
        event,
        hash,
      }) => html`<li class="entry ${event.type}">${avatar(by)}<div><p><strong><bdi>${by.name}</bdi></strong> ${moment(at)}</p>
        <p>${sentenceOf(event)}</p><p class="muted">Entry ${seq} · <code title="${hash}">${hash.slice(0, 10)}</code></p></div></li>`,
    )}</ol>`;
}
