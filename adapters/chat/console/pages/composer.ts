import { inputField } from '../../../../src/domain/inputs.ts';
import type { FormSpec } from '../../../../src/ports/chat.ts';
import { type Html, html, NOTHING } from '../markup.ts';
import { fault, inputHtml, invalid } from './form-inputs.ts';
import type { Frame } from './layout.ts';
import { pressed, sign } from './pieces.ts';

/** The box under a channel. Everything typed into it is a command, so the command's name already stands there. */
export function composer({ catalog, viewer }: Frame, channel: string): Html {
  return html`<form class="composer" method="post" action="/console/say" data-send>
    ${pressed(viewer.account.id)}<input type="hidden" name="channel" value="${channel}">
    <div class="box"><label for="box">${catalog.command}</label>
      <input id="box" name="text" maxlength="500" autocomplete="off" autocapitalize="off" spellcheck="false" enterkeyhint="send"
        placeholder="${placeholder(catalog.services)}" data-complete="line" aria-describedby="keys">
      <button class="button primary">Send</button></div>
    <p id="keys" class="keys"><kbd>/</kbd> to type · <kbd>↑</kbd> history · <kbd>Tab</kbd> completes · empty line for the form</p>
  </form>`;
}

function placeholder(services: Readonly<Record<string, unknown>>): string {
  const service = Object.keys(services)[0] ?? 'service';
  return `${service}@main production --reason "…"`;
}

export interface FormView {
  readonly form: FormSpec;
  readonly channel: string;
  /** By field name: what must be mended. */
  readonly errors?: Readonly<Record<string, string>>;
}

/** The form of a command without arguments; the page's script shows it as a dialog and keeps it fresh while fields change. */
export function requestForm({ viewer }: Frame, { form, channel, errors = {} }: FormView): Html {
  const must = form.reasonRequired ? html` required` : NOTHING;
  return html`<form class="request" id="request" method="post" action="/console/form" data-send data-refresh="/console/form">
    <h2 class="ask-title">Request a deployment</h2>
    ${pressed(viewer.account.id)}<input type="hidden" name="channel" value="${channel}">
    <div class="request-live" id="request-alerts">${form.alerts.map((alert) => html`<p class="alert">${sign('bad')}<span>${alert}</span></p>`)}</div>
    ${select({ name: 'service', label: 'Service', choices: form.services, chosen: form.service, error: errors['service'] })}
    ${select({ name: 'environment', label: 'Environment', choices: form.environments, chosen: form.environment, error: errors['environment'] })}
    <div class="field"><label for="request-ref">Branch, tag or commit</label>
      <input id="request-ref" name="ref" value="${form.ref}" maxlength="300" autocomplete="off" spellcheck="false" data-complete="ref" placeholder="the service’s default"${invalid('ref', errors['ref'])}>
      ${fault('ref', errors['ref'])}</div>
    <div class="field"><label for="request-reason">Reason${form.reasonRequired ? NOTHING : html` <small>optional</small>`}</label>
      <textarea id="request-reason" name="reason" rows="2" maxlength="500"${must}${invalid('reason', errors['reason'])}>${form.reason}</textarea>
      ${fault('reason', errors['reason'])}</div>
    <div id="request-inputs">${(form.inputs ?? []).map((one) => inputHtml(one, errors[inputField(one.name)]))}</div>
    <div class="actions"><button class="button primary">Request Deployment</button></div>
  </form>`;
}

interface Select {
  readonly name: string;
  readonly label: string;
  readonly choices: FormSpec['services'];
  readonly chosen: string | undefined;
  readonly error: string | undefined;
}

function select({ name, label, choices, chosen, error }: Select): Html {
  const none = chosen === undefined ? html`<option value="">Choose…</option>` : NOTHING;
  return html`<div class="field"><label for="request-${name}">${label}</label>
    <select id="request-${name}" name="${name}" required data-refreshes${invalid(name, error)}>${none}${choices.map(
      ({ value, label: words, hint }) => {
        const selected = value === chosen && html` selected`;
        return html`<option value="${value}"${selected}>${words}${hint !== undefined && ` · ${hint}`}</option>`;
      },
    )}</select>${fault(name, error)}</div>`;
}
