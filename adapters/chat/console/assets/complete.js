import { typedBefore } from './history.js';

const PAUSE_MS = 70;

/** Suggestions under (or over) the fields that ask for them: a combobox after the ARIA authoring practices. */
export function attachCompletion(root) {
  for (const input of root.querySelectorAll('input[data-complete]')) attach(input);
}

function attach(input) {
  const list = document.createElement('ul');
  list.className = 'suggestions';
  list.id = `${input.id}-suggestions`;
  list.hidden = true;
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', 'Suggestions');
  input.after(list);
  input.setAttribute('role', 'combobox');
  input.setAttribute('aria-autocomplete', 'list');
  input.setAttribute('aria-controls', list.id);
  input.setAttribute('aria-expanded', 'false');

  const state = { input, list, choices: [], chosen: -1, asked: 0, timer: undefined, back: 0 };
  input.addEventListener('input', () => {
    state.back = 0;
    clearTimeout(state.timer);
    state.timer = setTimeout(() => void ask(state), PAUSE_MS);
  });
  input.addEventListener('focus', () => {
    if (input.dataset.complete === 'ref') void ask(state);
  });
  input.addEventListener('keydown', (event) => onKey(event, state));
  input.addEventListener('blur', () => close(state));
  input.form.addEventListener('submit', () => close(state));
  list.addEventListener('mousedown', (event) => {
    event.preventDefault();
    const item = event.target.closest('li');
    if (item !== null) take(state, Number(item.dataset.index));
  });
}

async function ask(state) {
  const { input } = state;
  state.asked += 1;
  const mine = state.asked;
  const line = input.dataset.complete === 'line';
  const text = line ? input.value.slice(0, input.selectionStart ?? input.value.length) : input.value;
  if (line && text.trim() === '') return close(state);
  const service = line ? '' : (input.form.elements.namedItem('service')?.value ?? '');
  const query = new URLSearchParams({ field: input.dataset.complete, text, service });
  const response = await fetch(`/console/complete?${query}`).catch(() => undefined);
  if (response?.ok !== true || mine !== state.asked || document.activeElement !== input) return;
  const last = line ? text.split(/\s+/).at(-1) : text;
  state.choices = (await response.json()).filter(({ value }) => value !== last);
  state.chosen = -1;
  show(state);
}

function show({ input, list, choices, chosen }) {
  list.replaceChildren(
    ...choices.map(({ label, hint }, index) => {
      const item = document.createElement('li');
      item.id = `${list.id}-${index}`;
      item.dataset.index = index;
      item.setAttribute('role', 'option');
      item.setAttribute('aria-selected', String(index === chosen));
      const [name, more] = [document.createElement('span'), document.createElement('span')];
      name.textContent = label;
      more.textContent = hint ?? '';
      item.append(name, more);
      return item;
    }),
  );
  list.hidden = choices.length === 0;
  input.setAttribute('aria-expanded', String(!list.hidden));
  if (chosen < 0) input.removeAttribute('aria-activedescendant');
  else input.setAttribute('aria-activedescendant', `${list.id}-${chosen}`);
  list.children[chosen]?.scrollIntoView({ block: 'nearest' });
}

function close(state) {
  clearTimeout(state.timer);
  state.asked += 1;
  state.choices = [];
  state.chosen = -1;
  show(state);
}

function take(state, index) {
  const { input, choices } = state;
  const choice = choices[index];
  if (choice === undefined) return;
  if (input.dataset.complete === 'line') {
    const end = input.selectionStart ?? input.value.length;
    const start = input.value.slice(0, end).search(/\S*$/);
    const space = /["=]$/.test(choice.value) ? '' : ' ';
    input.setRangeText(`${choice.value}${space}`, start, end, 'end');
    close(state);
    state.timer = setTimeout(() => void ask(state), 0);
  } else {
    input.value = choice.value;
    close(state);
  }
}

function onKey(event, state) {
  const { choices, list } = state;
  if (event.key === 'Escape' && !list.hidden) {
    event.preventDefault();
    event.stopPropagation();
    close(state);
  } else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && !list.hidden) {
    event.preventDefault();
    const step = event.key === 'ArrowDown' ? 1 : -1;
    state.chosen = (state.chosen + step + choices.length + (state.chosen < 0 && step < 0 ? 1 : 0)) % choices.length;
    show(state);
  } else if (event.key === 'Tab' && !event.shiftKey && !list.hidden) {
    event.preventDefault();
    take(state, Math.max(0, state.chosen));
  } else if (event.key === 'Enter' && state.chosen >= 0) {
    event.preventDefault();
    take(state, state.chosen);
  } else if ((event.key === 'ArrowUp' || event.key === 'ArrowDown') && state.input.dataset.complete === 'line') {
    recall(event, state);
  }
}

function recall(event, state) {
  const lines = typedBefore();
  const back = state.back + (event.key === 'ArrowUp' ? 1 : -1);
  if (back < 0 || back > lines.length) return;
  event.preventDefault();
  state.back = back;
  state.input.value = back === 0 ? '' : lines.at(-back);
}
