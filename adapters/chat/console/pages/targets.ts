import type { Environment, Service, TargetSettings } from '../../../../src/domain/catalog.ts';
import type { Deployment } from '../../../../src/domain/deployment.ts';
import { modeOf, scopeWords } from '../../../../src/domain/held.ts';
import { type HeldLock, type LockMode, scopeKey } from '../../../../src/domain/lock.ts';
import type { Target } from '../../../../src/domain/target.ts';
import { type Html, html, NOTHING } from '../markup.ts';
import { ownPath } from '../render.ts';
import { type Frame, layout } from './layout.ts';
import { commit, deploymentLink, empty, isWeb, moment, sign, statePill, who } from './pieces.ts';

export interface TargetView {
  readonly target: Target;
  /** The lock that is spoken of: its own, or that of a scope around it. */
  readonly lock?: HeldLock;
  /** The deployment that runs there. */
  readonly current: Deployment | undefined;
  /** On its way there: running first, then queued, then waiting. */
  readonly coming: readonly Deployment[];
}

/** Services down, environments across. `views` has one for each target, by `service/environment`. */
export function targetsPage(frame: Frame, views: ReadonlyMap<string, TargetView>): Html {
  const environments = Object.values(frame.catalog.environments).sort((one, other) => one.order - other.order);
  const services = Object.values(frame.catalog.services);
  const body = html`<div class="page wide">
    <h1>What runs where</h1>
    <div id="targets" data-live>${services.length === 0 ? empty('No service yet', html`Add one under <code>services</code> in countersign.yaml.`) : matrix(services, environments, views, frame)}</div>
  </div>`;
  return layout(frame, { title: 'What runs where', current: 'targets', body });
}

function matrix(
  services: readonly Service[],
  environments: readonly Environment[],
  views: ReadonlyMap<string, TargetView>,
  frame: Frame,
): Html {
  return html`<table class="matrix">
    <thead><tr><th scope="col">Service</th>${environments.map(({ id, title }) => html`<th scope="col">${id}<small>${title === id ? '' : title}</small></th>`)}</tr></thead>
    <tbody>${services.map(
      (service) => html`<tr>
      <th scope="row">${service.id}<small>${service.title}</small></th>
      ${environments.map(({ id }) => cell(service.targets[id], views.get(`${service.id}/${id}`), id, frame))}
    </tr>`,
    )}</tbody>
  </table>`;
}

function cell(
  settings: TargetSettings | undefined,
  view: TargetView | undefined,
  environment: string,
  frame: Frame,
): Html {
  if (settings === undefined || view === undefined) {
    return html`<td class="none" data-label="${environment}"><span class="muted">not deployed here</span></td>`;
  }
  const { target, current, coming, lock } = view;
  return html`<td data-label="${environment}"><div class="target">
    ${target.current === undefined ? html`<p class="muted">Nothing yet</p>` : running(target.current, current)}
    ${lock !== undefined && html`<p class="lock">${sign('bad')}<span><strong>${lockWords(lock)}</strong> by ${lock.lock.by.name}: ${lock.lock.reason}</span></p>`}
    ${coming.map((one) => html`<p class="coming">${statePill(one.state)} ${deploymentLink(one.id)}</p>`)}
    ${appLink(settings, target, frame)}
  </div></td>`;
}

const MODES: Readonly<Record<LockMode, string>> = { closed: 'Locked', freeze: 'Frozen', warning: 'Warning' };

/** `Locked`, with what is locked where that is more than the one target. */
function lockWords({ scope, lock }: HeldLock): string {
  const wide = scope.kind === 'target' ? '' : ` (${scopeWords(scopeKey(scope))})`;
  return `${MODES[modeOf(lock)]}${wide}`;
}

function running(current: NonNullable<Target['current']>, deployment: Deployment | undefined): Html {
  const url = deployment?.findings?.changeSet.commits.find(({ sha }) => sha === current.sha)?.url;
  const ref =
    deployment === undefined || current.sha.startsWith(deployment.ref)
      ? NOTHING
      : html`<span class="ref"><bdi>${deployment.ref}</bdi></span>`;
  return html`<p class="now">${commit(current.sha, url)} ${ref}</p>
    <p class="muted">since ${moment(current.since)} · ${deploymentLink(current.deployment)}</p>
    ${deployment !== undefined && html`<p class="muted">by ${who(deployment.requester)}</p>`}`;
}

function appLink({ url }: TargetSettings, { current }: Target, { catalog }: Frame): Html {
  if (url === undefined || current === undefined) return NOTHING;
  const own = ownPath(url, catalog.baseUrl);
  if (own === undefined && !isWeb(url)) return NOTHING;
  return html`<p><a href="${own ?? url}" target="_blank" rel="noopener noreferrer">Open Application</a></p>`;
}
