import type { PlaygroundUser } from './playground-cast.ts';

/** The Playground with a bar above it on which one says who one is. */
export function frontPage(users: readonly PlaygroundUser[], seat: PlaygroundUser, page: string): string {
  const options = users.map(
    ({ key, name }) => `<option value="${key}"${key === seat.key ? ' selected' : ''}>${name}</option>`,
  );
  return `<!doctype html>
<html lang="en">
<title>Countersign in the Microsoft 365 Agents Playground</title>
<style>
  body { margin: 0; display: flex; flex-direction: column; height: 100vh; font: 15px system-ui, sans-serif; }
  header { padding: 8px 16px; background: #1b3a2f; color: #fff; }
  select { font: inherit; margin: 0 12px 0 6px; }
  iframe { flex: 1; border: 0; }
</style>
<header>
  <label>You act as <select id="seat">${options.join('')}</select></label>
  The page below knows one name only; the bot hears the one chosen here.
</header>
<iframe title="Playground" src="${page}"></iframe>
<script>
  const seat = document.getElementById('seat');
  seat.addEventListener('change', async () => {
    seat.disabled = true;
    await fetch('/seat', { method: 'POST', body: seat.value });
    seat.disabled = false;
  });
</script>
</html>`;
}
