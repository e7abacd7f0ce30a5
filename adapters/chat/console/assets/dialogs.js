import { attachCompletion } from './complete.js';
import { newKey } from './keys.js';

/** The question of a button, as a dialog. The form under the button stays where it is, for the next time. */
export function openAsking(summary) {
  const form = summary.parentElement.querySelector('form').cloneNode(true);
  for (const field of form.querySelectorAll('[id]')) field.id = `dialog-${field.id}`;
  summary.closest('details.menu')?.removeAttribute('open');
  newKey(summary.parentElement.querySelector('form'));
  open(form, summary.id);
}

/** The form of a command without arguments; `html` was rendered and escaped by the console. */
export function showRequest(html) {
  document.querySelector('.room > .request')?.remove();
  const template = document.createElement('template');
  template.innerHTML = html;
  const form = template.content.firstElementChild;
  open(form, 'box');
  keepFresh(form);
}

function open(form, backTo) {
  document.querySelector('dialog')?.remove();
  const dialog = document.createElement('dialog');
  const title = form.querySelector('.ask-title');
  title.id = 'dialog-title';
  dialog.setAttribute('aria-labelledby', 'dialog-title');
  const never = document.createElement('button');
  never.type = 'button';
  never.className = 'button';
  never.textContent = 'Back';
  never.addEventListener('click', () => dialog.close());
  form.querySelector('.actions').prepend(never);
  dialog.append(form);
  dialog.addEventListener('close', () => {
    dialog.remove();
    document.getElementById(backTo)?.focus();
  });
  document.body.append(dialog);
  attachCompletion(dialog);
  dialog.showModal();
  (
    form.querySelector('textarea, select, input:not([type=hidden])') ??
    form.querySelector('.button.primary, .button.danger')
  )?.focus();
}

/** After what a dialog asked for was done. */
export function closeDialog(form) {
  form.closest('dialog')?.close();
}

/** Says beside each field what is wrong with it. */
export function mend(form, errors) {
  let first;
  for (const place of form.querySelectorAll('[data-fault]')) {
    const field = form.elements.namedItem(place.dataset.fault);
    const fault = errors[place.dataset.fault];
    place.textContent = fault ?? '';
    if (fault === undefined) {
      field.removeAttribute('aria-invalid');
    } else {
      field.setAttribute('aria-invalid', 'true');
      field.setAttribute('aria-describedby', place.id);
      first ??= field;
    }
  }
  first?.focus();
}

/** Asks for the form again when a field decides about others: their choices and the alerts change, what was typed stays. */
function keepFresh(form) {
  let asked = 0;
  form.addEventListener('change', async (event) => {
    if (!event.target.matches('[data-refreshes]')) return;
    asked += 1;
    const mine = asked;
    const query = new URLSearchParams(new FormData(form));
    const response = await fetch(`${form.dataset.refresh}?${query}`, { headers: { accept: 'application/json' } }).catch(
      () => undefined,
    );
    if (response?.ok !== true || mine !== asked) return;
    const template = document.createElement('template');
    template.innerHTML = (await response.json()).html;
    for (const part of ['#request-alerts', '#request-environment', 'label[for=request-reason]', '#request-inputs']) {
      form.querySelector(part)?.replaceChildren(...(template.content.querySelector(part)?.childNodes ?? []));
    }
    const reason = template.content.querySelector('#request-reason');
    form.querySelector('#request-reason').required = reason.required;
  });
}
