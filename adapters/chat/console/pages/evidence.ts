import type { Block } from '../../../../src/domain/evidence-block.ts';
import { evidenceBlocks } from '../../../../src/domain/evidence-document.ts';
import type { EvidenceRecord } from '../../../../src/domain/evidence-record.ts';
import { EVIDENCE_FORMATS, type EvidenceFormat, isEvidenceFormat } from '../../../../src/evidence/written.ts';
import { type Html, html, NOTHING } from '../markup.ts';
import { type Frame, layout } from './layout.ts';
import { deploymentLink, isWeb } from './pieces.ts';

/** What the form of a period holds: days as `2026-01-31`, empty words where nothing was chosen. */
export interface PeriodForm {
  readonly from: string;
  /** The first day that is left out. */
  readonly to: string;
  readonly service: string;
  readonly environment: string;
  readonly format: EvidenceFormat;
}

const FORMAT_WORDS = { json: 'JSON', md: 'Markdown', pdf: 'PDF' } as const satisfies Record<EvidenceFormat, string>;
const FORMATS = Object.keys(EVIDENCE_FORMATS) as readonly EvidenceFormat[];
const DAY_MS = 86_400_000;
const USUAL_DAYS = 30;

/** The record of one deployment; the same words as Markdown and PDF. */
export function evidencePage(frame: Frame, record: EvidenceRecord): Html {
  const { deployment } = record;
  const path = `/deployments/${encodeURIComponent(deployment)}/evidence`;
  const body = html`<div class="page evidence">
    <p class="crumb"><a href="/deployments">Deployments</a> › ${deploymentLink(deployment)} › Evidence</p>
    <p class="actions">${FORMATS.map((format) => html`<a class="button" href="${path}.${format}" download>${FORMAT_WORDS[format]}</a>`)}</p>
    ${evidenceBlocks(record).map(drawn)}
  </div>`;
  return layout(frame, { title: `Evidence of ${deployment}`, current: 'evidence', body });
}

/** Every word is escaped, and kept from steering the reading order around it. */
function drawn(block: Block): Html {
  switch (block.kind) {
    case 'heading':
      return heading(block.level, block.text);
    case 'paragraph':
      return html`<p><bdi>${block.text}</bdi></p>`;
    case 'facts':
      if (block.facts.length === 0) return NOTHING;
      return html`<dl class="evidence-facts">${block.facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${addressed(value)}</dd></div>`)}</dl>`;
    case 'list':
      return html`<ul>${block.items.map((item) => html`<li><bdi>${item}</bdi></li>`)}</ul>`;
    case 'table':
      return html`<div class="evidence-table" role="region" tabindex="0" aria-label="${block.head.join(', ')}"><table>
        <thead><tr>${block.head.map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead>
        <tbody>${block.rows.map((row) => html`<tr>${row.map((cell) => html`<td><bdi>${cell}</bdi></td>`)}</tr>`)}</tbody>
      </table></div>`;
  }
}

function heading(level: 1 | 2 | 3, text: string): Html {
  if (level === 1) return html`<h1><bdi>${text}</bdi></h1>`;
  if (level === 2) return html`<h2><bdi>${text}</bdi></h2>`;
  return html`<h3><bdi>${text}</bdi></h3>`;
}

/** An address of the web is made a link that shows nothing but itself. */
function addressed(value: string): Html {
  if (!/^https?:\/\/[!-~]+$/.test(value) || !isWeb(value)) return html`<bdi>${value}</bdi>`;
  return html`<a href="${value}" target="_blank" rel="noopener noreferrer">${value}</a>`;
}

/** The form that a period is asked for with, and what was wrong with it. */
export function periodPage(frame: Frame, form: PeriodForm, problem?: string): Html {
  const { services, environments } = frame.catalog;
  const body = html`<div class="page evidence">
    <h1>Evidence</h1>
    <p>Everything that an auditor asks about the deployments that began or ended in a period, exceptions first. For one deployment, open its page and choose Evidence.</p>
    ${problem !== undefined && html`<p class="warnings" role="alert" id="problem">${problem}</p>`}
    <form class="filters" method="get" action="/evidence">
      ${day('from', 'From', form.from)}
      ${day('to', 'To (this day is left out)', form.to)}
      ${choice('service', 'Service', Object.keys(services), form.service)}
      ${choice('environment', 'Environment', Object.keys(environments), form.environment)}
      <label><span>Format</span><select name="format" id="evidence-format">${FORMATS.map((one) => option(one, FORMAT_WORDS[one], one === form.format))}</select></label>
      <button class="button primary">Download</button>
    </form>
    <p class="muted">Days begin at midnight in UTC. Each record bears the SHA-256 of its canonical JSON, the same in every format.</p>
  </div>`;
  return layout(frame, { title: 'Evidence', current: 'evidence', body });
}

function day(name: 'from' | 'to', label: string, value: string): Html {
  return html`<label><span>${label}</span><input type="date" name="${name}" id="evidence-${name}" value="${value}" required></label>`;
}

/** What was asked for stays to be seen, even where the configuration has it no more. */
function choice(name: string, label: string, known: readonly string[], chosen: string): Html {
  const all = chosen === '' || known.includes(chosen) ? known : [...known, chosen];
  return html`<label><span>${label}</span><select name="${name}" id="evidence-${name}">${option('', 'All', chosen === '')}${all.map((one) => option(one, one, one === chosen))}</select></label>`;
}

function option(value: string, words: string, selected: boolean): Html {
  return html`<option value="${value}"${selected && html` selected`}>${words}</option>`;
}

/** The last thirty days with today; `now` in milliseconds since 1970. */
export function usualPeriod(now: number): PeriodForm {
  const dayAt = (days: number) => new Date(now + days * DAY_MS).toISOString().slice(0, 10);
  return { from: dayAt(1 - USUAL_DAYS), to: dayAt(1), service: '', environment: '', format: 'pdf' };
}

/** Reads the form back; a problem is one sentence that says what to write instead. */
export function readPeriodForm(
  query: URLSearchParams,
): { readonly form: PeriodForm } | { readonly form: PeriodForm; readonly problem: string } {
  const [from, to, service, environment, typed] = ['from', 'to', 'service', 'environment', 'format'].map((name) =>
    (query.get(name) ?? '').trim(),
  ) as [string, string, string, string, string];
  const known = isEvidenceFormat(typed);
  const form: PeriodForm = { from, to, service, environment, format: known ? typed : 'pdf' };
  const problem = wrongDay('From', from) ?? wrongDay('To', to) ?? wrongOrder(from, to);
  if (problem !== undefined) return { form, problem };
  if (!known && typed !== '') return { form, problem: `There is no format "${typed}". Choose ${FORMATS.join(', ')}.` };
  return { form };
}

function wrongDay(label: string, text: string): string | undefined {
  if (text === '') return `"${label}" is empty. Write a day, e.g. 2026-01-31.`;
  if (isDay(text)) return undefined;
  return `"${label}" is not a day that the calendar has: "${text}". Write it as 2026-01-31.`;
}

function wrongOrder(from: string, to: string): string | undefined {
  if (from < to) return undefined;
  return `The period ends before it has begun: "To" is the first day that is left out, so it must come after "From", e.g. the day after ${from}.`;
}

/** JavaScript takes 30 February for 2 March. */
function isDay(text: string): boolean {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}
