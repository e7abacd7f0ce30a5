import { carryOver } from './morph.js';
import { localTimes } from './times.js';
import { markRead } from './unread.js';

/** A hidden page gives its connection back after this long: browsers allow only six to one address. */
const HIDDEN_MS = 20_000;
/** Changes that come together are shown together. */
const GATHER_MS = 120;

let source;
let waiting;
let fetching = false;
let again = false;
let { mark } = document.body.dataset;

/** Listens for changes and looks again when there are any. */
export function startLive() {
  connect();
  let idle;
  document.addEventListener('visibilitychange', () => {
    clearTimeout(idle);
    if (document.visibilityState === 'visible') connect();
    else idle = setTimeout(disconnect, HIDDEN_MS);
  });
  addEventListener('pagehide', disconnect);
  addEventListener('pageshow', connect);
}

function connect() {
  if (source !== undefined) return;
  source = new EventSource(`/console/events?since=${encodeURIComponent(mark)}`);
  source.addEventListener('changed', (event) => {
    mark = event.data;
    soon();
  });
  source.addEventListener('error', () => {
    if (source?.readyState !== EventSource.CLOSED) return;
    disconnect();
    setTimeout(connect, 5000);
  });
}

function disconnect() {
  source?.close();
  source = undefined;
}

function soon() {
  clearTimeout(waiting);
  waiting = setTimeout(refresh, GATHER_MS);
}

/** Fetches this very page again and puts in what differs. Calls that come meanwhile are answered by one more. */
export async function refresh() {
  if (fetching) {
    again = true;
    return;
  }
  fetching = true;
  try {
    const response = await fetch(location.href, { headers: { accept: 'text/html' } });
    if (response.ok) put(new DOMParser().parseFromString(await response.text(), 'text/html'));
  } catch {
    // The next event, or the stream's own reconnection, brings another try.
  } finally {
    fetching = false;
    if (again) {
      again = false;
      soon();
    }
  }
}

function put(fresh) {
  // Somebody became another person in another tab: what is shown here would be a lie.
  if (fresh.body.dataset.as !== document.body.dataset.as) {
    location.reload();
    return;
  }
  localTimes(fresh);
  const known = new Set([...document.querySelectorAll('[data-summary]')].map(({ id }) => id));
  for (const region of fresh.querySelectorAll('[data-live]')) {
    const old = document.getElementById(region.id);
    if (old !== null) carryOver(old, region);
  }
  markRead();
  const news = [...document.querySelectorAll('[data-summary]')].filter(({ id }) => !known.has(id));
  if (news.length > 0) say(news.map(({ dataset }) => dataset.summary).join(' '));
}

/** Tells a screen reader. */
export function say(words) {
  document.getElementById('announcer').textContent = words;
}
