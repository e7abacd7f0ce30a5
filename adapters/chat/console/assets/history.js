const MOST = 50;

/** What was typed before, oldest first; kept in the browser for each person. */
export function typedBefore() {
  try {
    return JSON.parse(localStorage.getItem(place()) ?? '[]');
  } catch {
    return [];
  }
}

export function remember(line) {
  if (line.trim() === '') return;
  const lines = typedBefore().filter((one) => one !== line);
  localStorage.setItem(place(), JSON.stringify([...lines, line].slice(-MOST)));
}

function place() {
  return `countersign-typed-${document.body.dataset.as}`;
}
