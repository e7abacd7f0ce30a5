import { type Deployment, STATE_NAMES, STATES, type State } from '../../../../src/domain/deployment.ts';
import { type Html, html } from '../markup.ts';
import { type Frame, layout } from './layout.ts';
import { commit, deploymentLink, empty, moment, statePill, who } from './pieces.ts';

export interface Filter {
  readonly service?: string;
  readonly environment?: string;
  /** A state, or `open` for all that have not ended. */
  readonly state?: State | 'open';
  readonly before?: number;
}

export interface DeploymentsView {
  readonly filter: Filter;
  /** Newest first. */
  readonly deployments: readonly Deployment[];
  /** There are older ones. */
  readonly more: boolean;
}

export function deploymentsPage(frame: Frame, view: DeploymentsView): Html {
  const body = html`<div class="page wide">
    <h1>Deployments</h1>
    ${filterForm(frame, view.filter)}
    <div id="deployments" data-live>${view.deployments.length === 0 ? nothing(view.filter) : table(view.deployments)}
    ${pages(view)}</div>
  </div>`;
  return layout(frame, { title: 'Deployments', current: 'deployments', body });
}

function nothing({ before: _before, ...filter }: Filter): Html {
  return Object.keys(filter).length > 0
    ? empty('No deployment fits', html`<a href="/deployments">Show all deployments</a>`)
    : empty('No deployment yet', html`Ask for the first one in the <a href="/">chat</a>.`);
}

function filterForm({ catalog }: Frame, filter: Filter): Html {
  const states = [['open', 'Open'], ...STATE_NAMES.map((name) => [name, STATES[name].word])] as readonly [
    string,
    string,
  ][];
  return html`<form class="filters" method="get" action="/deployments">
    ${select(
      'service',
      'Service',
      Object.keys(catalog.services).map((id) => [id, id]),
      filter.service,
    )}
    ${select(
      'environment',
      'Environment',
      Object.keys(catalog.environments).map((id) => [id, id]),
      filter.environment,
    )}
    ${select('state', 'State', states, filter.state)}
    <button class="button">Filter</button>
  </form>`;
}

function select(
  name: string,
  label: string,
  options: readonly (readonly [string, string])[],
  chosen: string | undefined,
): Html {
  return html`<label><span>${label}</span><select name="${name}" id="filter-${name}"><option value="">All</option>${options.map(
    ([value, words]) => html`<option value="${value}"${value === chosen && html` selected`}>${words}</option>`,
  )}</select></label>`;
}

function table(deployments: readonly Deployment[]): Html {
  return html`<table class="list">
    <thead><tr><th scope="col">Deployment</th><th scope="col">State</th><th scope="col">Target</th><th scope="col">Version</th><th scope="col">Asked for by</th><th scope="col">When</th></tr></thead>
    <tbody>${deployments.map(row)}</tbody>
  </table>`;
}

function row(deployment: Deployment): Html {
  const { id, state, service, environment, ref, findings, requester, requestedAt, kind } = deployment;
  return html`<tr>
    <th scope="row">${deploymentLink(id)}${kind === 'rollback' && html` <small>rollback</small>`}</th>
    <td>${statePill(state)}</td>
    <td><span class="where"><bdi>${service}</bdi> → <bdi>${environment}</bdi></span></td>
    <td>${findings !== undefined && commit(findings.sha)} <span class="ref"><bdi>${ref}</bdi></span></td>
    <td>${who(requester)}</td>
    <td class="muted">${moment(requestedAt)}</td>
  </tr>`;
}

function pages({ filter, deployments, more }: DeploymentsView): Html {
  const last = deployments.at(-1);
  const older = more && last !== undefined;
  return html`<nav class="paging" aria-label="Pages of deployments">
    ${filter.before !== undefined && html`<a class="button" href="${address({ ...filter, before: undefined })}">Newest</a>`}
    ${older && html`<a class="button" rel="next" href="${address({ ...filter, before: last.number })}">Older</a>`}
  </nav>`;
}

function address(filter: Readonly<Record<string, string | number | undefined>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) if (value !== undefined) query.set(name, String(value));
  return query.size === 0 ? '/deployments' : `/deployments?${query}`;
}
