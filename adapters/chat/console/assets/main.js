// Everything works without this file: it only saves page loads, keeps pages fresh and answers at the keyboard.
import { attachCompletion } from './complete.js';
import { openAsking } from './dialogs.js';
import { startLive } from './live.js';
import { onSubmit } from './send.js';
import { localTimes } from './times.js';
import { markRead } from './unread.js';

/** The field whose change loaded this page anew gets the focus back. */
const COME_BACK = 'countersign-focus';

document.documentElement.classList.add('scripted');
localTimes(document);
markRead();
attachCompletion(document);
startLive();
showCurrent();
document.getElementById(sessionStorage.getItem(COME_BACK) ?? '')?.focus();
sessionStorage.removeItem(COME_BACK);

document.addEventListener('submit', onSubmit);

document.addEventListener('click', (event) => {
  const summary = event.target.closest('summary[data-dialog]');
  if (summary === null) {
    for (const menu of document.querySelectorAll('details.menu[open]')) {
      if (!menu.contains(event.target)) menu.open = false;
    }
    return;
  }
  event.preventDefault();
  openAsking(summary);
});

document.addEventListener('change', (event) => {
  if (!event.target.matches('[data-submit]')) return;
  sessionStorage.setItem(COME_BACK, event.target.id);
  event.target.form.requestSubmit();
});

document.addEventListener('keydown', (event) => {
  const typing = event.target.closest('input, textarea, select, dialog');
  if (event.key === '/' && typing === null && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const box = document.getElementById('box');
    if (box === null) return;
    event.preventDefault();
    box.focus();
  }
  if (event.key === 'Escape') {
    const menu = event.target.closest('details.menu[open]');
    if (menu === null) return;
    menu.open = false;
    menu.querySelector('summary').focus();
  }
});

/** On a phone pages and channels stand in a row each: the present one must be among those in sight. */
function showCurrent() {
  for (const link of document.querySelectorAll('.side nav [aria-current]')) {
    const row = link.closest('nav');
    const [outer, own] = [row.getBoundingClientRect(), link.getBoundingClientRect()];
    row.scrollLeft += own.left + own.width / 2 - (outer.left + outer.width / 2);
  }
}
