import { closeDialog, mend, showRequest } from './dialogs.js';
import { remember } from './history.js';
import { newKey } from './keys.js';
import { refresh, say } from './live.js';

/** Sends a form without leaving the page. A form whose answer got lost keeps its key, so that sending it again is the same press. */
export async function onSubmit(event) {
  const form = event.target;
  if (!form.hasAttribute('data-send')) return;
  event.preventDefault();
  if (form.hasAttribute('data-busy')) return;
  const body = new URLSearchParams(new FormData(form));
  const free = busy(form);
  try {
    const response = await fetch(form.action, { method: 'POST', body, headers: { accept: 'application/json' } });
    const outcome = await response.json();
    newKey(form);
    await show(outcome, form);
  } catch {
    notice(
      '<p class="notice refusal" role="alert">Countersign does not answer. Look whether it still runs, then press again.</p>',
    );
  } finally {
    free();
  }
}

async function show(outcome, form) {
  switch (outcome.kind) {
    case 'form':
      clear(form);
      showRequest(outcome.html);
      return;
    case 'mend':
      mend(form, outcome.errors);
      return;
    case 'refused':
      closeDialog(form);
      notice(outcome.html);
      return;
    case 'note':
      clear(form);
      closeDialog(form);
      await refresh();
      if (document.getElementById(outcome.id) === null) notice(outcome.html);
      else document.getElementById(outcome.id).scrollIntoView({ block: 'nearest' });
      say(outcome.summary);
      return;
    default:
      clear(form);
      closeDialog(form);
      await refresh();
  }
}

/** Only what the console itself rendered and escaped is put in here. */
function notice(html) {
  const place = document.getElementById('notices');
  place.innerHTML = html;
  place.scrollIntoView({ block: 'nearest' });
}

function clear(form) {
  document.getElementById('notices').replaceChildren();
  const line = form.querySelector('input[name=text]:not([type=hidden])');
  if (line === null) return;
  remember(line.value);
  line.value = '';
}

function busy(form) {
  const button = form.querySelector('button');
  form.setAttribute('data-busy', '');
  button?.setAttribute('aria-busy', 'true');
  return () => {
    form.removeAttribute('data-busy');
    button?.removeAttribute('aria-busy');
  };
}
