import { VERBS } from '../complete.ts';
import { type Html, html } from '../markup.ts';
import { type Frame, layout } from './layout.ts';

/** A page's worth; the whole grammar is what `help` answers in the chat. */
export function helpPage(frame: Frame): Html {
  const { command } = frame.catalog;
  const body = html`<div class="page">
    <h1>Help</h1>
    <p>Somebody asks for a deployment, a <strong>different</strong> person countersigns it, the pipeline runs, everybody is told. Whoever wrote, committed or merged a part of the change may not countersign it.</p>
    <h2>Ask for one</h2>
    <p><code>${command} web production --reason "New search"</code> deploys the default branch; <code>${command} web@v1.4 staging</code> a branch, tag or commit. <code>${command}</code> alone opens a form.</p>
    <h2>Commands</h2>
    <dl class="verbs">${Object.entries(VERBS).map(([verb, { hint, slots }]) => html`<div><dt><code>${command} ${verb}${slots.map((slot) => ` <${slot}>`).join('')}</code></dt><dd>${hint}</dd></div>`)}</dl>
    <h2>Keys</h2>
    <dl class="verbs">${KEYS.map(([key, words]) => html`<div><dt><kbd>${key}</kbd></dt><dd>${words}</dd></div>`)}</dl>
  </div>`;
  return layout(frame, { title: 'Help', current: 'help', body });
}

const KEYS = [
  ['/', 'Go to the command box'],
  ['Enter', 'Send; on an empty line: open the form'],
  ['↑ ↓', 'Through the suggestions, or through what you typed before'],
  ['Tab', 'Take the suggestion'],
  ['Esc', 'Close suggestions or a dialog'],
] as const;
