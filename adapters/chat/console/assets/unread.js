/** Marks channels whose newest message this reader has not had on screen. Kept in the browser, for each person. */
export function markRead() {
  const place = `countersign-read-${document.body.dataset.as}`;
  const read = remembered(place);
  for (const link of document.querySelectorAll('[data-newest]')) {
    const { newest } = link.dataset;
    if (newest === '') continue;
    if (link.hasAttribute('aria-current')) read[link.id] = newest;
    const fresh = read[link.id] !== newest;
    link.classList.toggle('unread', fresh);
    link.setAttribute('aria-label', fresh ? `${link.textContent}, unread` : link.textContent);
  }
  localStorage.setItem(place, JSON.stringify(read));
}

function remembered(place) {
  try {
    return JSON.parse(localStorage.getItem(place) ?? '{}');
  } catch {
    return {};
  }
}
