/**
 * Makes a live region show what the fresh one shows. In a list, children are matched by id and only those that differ are put
 * anew; what somebody unfolded, typed, scrolled to or stands on stays.
 */
export function carryOver(old, fresh) {
  if (fresh.dataset.live !== 'list') {
    replaceIfChanged(old, fresh, () => old.replaceChildren(...fresh.childNodes));
    return;
  }
  const wanted = [...fresh.children];
  const ids = new Set(wanted.map(({ id }) => id));
  for (const child of [...old.children]) if (!ids.has(child.id)) child.remove();
  let place = old.firstElementChild;
  for (const child of wanted) {
    const mine = place?.id === child.id ? place : undefined;
    if (mine === undefined) {
      old.insertBefore(child, place);
      continue;
    }
    place = mine.nextElementSibling;
    replaceIfChanged(mine, child, () => mine.replaceWith(child));
  }
}

function replaceIfChanged(old, fresh, replace) {
  keepState(old, fresh);
  const before = old.cloneNode(true);
  before.classList.remove('unread');
  if (before.isEqualNode(fresh)) return;
  const focus = old.contains(document.activeElement) ? handleOf(document.activeElement) : undefined;
  const scrolled = [...old.querySelectorAll('[id]')]
    .filter(({ scrollTop }) => scrollTop > 0)
    .map(({ id, scrollTop }) => ({ id, scrollTop }));
  replace();
  for (const { id, scrollTop } of scrolled) document.getElementById(id)?.scrollTo({ top: scrollTop });
  if (focus !== undefined) giveBack(focus);
}

function keepState(old, fresh) {
  for (const details of fresh.querySelectorAll('details[id]')) {
    const mine = within(old, details.id);
    if (mine !== null) details.open = mine.open;
  }
  for (const key of fresh.querySelectorAll('input[data-key]')) {
    const mine = sameForm(old, key.form)?.querySelector('input[data-key]');
    if (mine) key.setAttribute('value', mine.value);
  }
  for (const field of fresh.querySelectorAll('input[id]:not([type=hidden]), textarea[id]')) {
    const mine = within(old, field.id);
    if (mine !== null && mine.value !== '') field.value = mine.value;
  }
}

/** The form that says the same but for the id of its press. */
function sameForm(old, form) {
  const wanted = signature(form);
  return [...old.querySelectorAll('form')].find((one) => signature(one) === wanted);
}

function signature(form) {
  const hidden = [...form.querySelectorAll('input[type=hidden]:not([data-key])')].map(
    ({ name, value }) => `${name}=${value}`,
  );
  return [form.getAttribute('action'), ...hidden].join('\n');
}

function within(root, id) {
  return root.querySelector(`#${CSS.escape(id)}`);
}

function handleOf(element) {
  return {
    id: element.id,
    start: element.selectionStart,
    end: element.selectionEnd,
    href: element.getAttribute?.('href'),
  };
}

function giveBack({ id, start, end, href }) {
  const element =
    (id === '' ? null : document.getElementById(id)) ??
    (href ? document.querySelector(`a[href="${CSS.escape(href)}"]`) : null);
  if (element === null) return;
  element.focus({ preventScroll: true });
  if (typeof start === 'number') element.setSelectionRange?.(start, end);
}
