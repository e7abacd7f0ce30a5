import { INPUT_LIMIT, inputField } from '../../../../src/domain/inputs.ts';
import type { FormInput } from '../../../../src/ports/chat.ts';
import { type Html, html, NOTHING } from '../markup.ts';

/** One of a service's inputs as a field. @param error what must be mended */
export function inputHtml(input: FormInput, error: string | undefined): Html {
  const name = inputField(input.name);
  if (input.type === 'boolean' && input.hasDefault) return switchField(input, name);
  const optional = input.required ? NOTHING : html` <small>optional</small>`;
  const field = input.type === 'text' ? line(input, name, error) : choice(input, name, error);
  return html`<div class="field"><label for="request-${name}">${input.title}${optional}</label>
    ${field}${fault(name, error)}</div>`;
}

/** The unchecked box says no by the hidden field before it: an unsaid one would be the default. */
function switchField({ title, value }: FormInput, name: string): Html {
  const checked = value === 'true' && html` checked`;
  return html`<div class="field switch"><input type="hidden" name="${name}" value="false">
    <label><input type="checkbox" id="request-${name}" name="${name}" value="true"${checked}> ${title}</label></div>`;
}

function choice({ type, options, value, required }: FormInput, name: string, error: string | undefined): Html {
  const all =
    type === 'boolean'
      ? [
          ['true', 'Yes'],
          ['false', 'No'],
        ]
      : options.map((one) => [one, one]);
  const none =
    required && value !== undefined ? NOTHING : html`<option value="">${required ? 'Choose…' : '–'}</option>`;
  const must = required && html` required`;
  return html`<select id="request-${name}" name="${name}"${must}${invalid(name, error)}>${none}${all.map(
    ([one = '', words = '']) => html`<option value="${one}"${one === value && html` selected`}>${words}</option>`,
  )}</select>`;
}

function line({ value, required, pattern, hint }: FormInput, name: string, error: string | undefined): Html {
  const must = required && html` required`;
  const form = pattern !== undefined && html` pattern="${pattern}"`;
  const help = hint !== undefined && html` placeholder="${hint}" title="${hint}"`;
  return html`<input id="request-${name}" name="${name}" value="${value}" maxlength="${INPUT_LIMIT}" autocomplete="off" spellcheck="false"${must}${form}${help}${invalid(name, error)}>`;
}

/** Marks a field that must be mended. */
export function invalid(name: string, error: string | undefined): Html {
  return error === undefined ? NOTHING : html` aria-invalid="true" aria-describedby="request-${name}-fault"`;
}

/** The place under a field where it is said what is wrong with it. */
export function fault(name: string, error: string | undefined): Html {
  return html`<p class="fault" id="request-${name}-fault" data-fault="${name}">${error}</p>`;
}
