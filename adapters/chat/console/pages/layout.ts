import type { Catalog } from '../../../../src/domain/catalog.ts';
import { type Html, html, NOTHING } from '../markup.ts';
import type { Viewer } from '../people.ts';
import type { Reader } from '../render.ts';
import { avatar, logo } from './pieces.ts';

/** Everything a page needs to know about whom it is for. */
export interface Frame {
  readonly catalog: Catalog;
  readonly viewer: Viewer;
  readonly viewers: readonly Viewer[];
  readonly readOnly: boolean;
  /** Folder of the assets, with their version in it. */
  readonly assets: string;
  /** Where the stream of changes was when this page was made. */
  readonly mark: string;
  /** Path and query of this page, to come back to. */
  readonly here: string;
  /** The answer to what was just done on this page without a script, to be shown at once. */
  readonly notice?: Html;
}

export interface Page {
  readonly title: string;
  readonly current: 'chat' | 'me' | 'targets' | 'deployments' | 'dora' | 'evidence' | 'help';
  readonly body: Html;
  /** Stands under the navigation. */
  readonly aside?: Html;
}

const PAGES = [
  { id: 'chat', href: '/', label: 'Chat', icon: html`<path d="M2.5 3.5h11v7.25H7.25L4 13.5v-2.75H2.5z"/>` },
  {
    id: 'me',
    href: '/me',
    label: 'My page',
    icon: html`<circle cx="8" cy="5" r="2.75"/><path d="M2.75 13.5c.5-2.75 2.5-4.25 5.25-4.25s4.75 1.5 5.25 4.25"/>`,
  },
  {
    id: 'targets',
    href: '/targets',
    label: 'What runs where',
    icon: html`<path d="M2.5 2.5h4.25v4.25H2.5zm6.75 0h4.25v4.25H9.25zM2.5 9.25h4.25v4.25H2.5zm6.75 0h4.25v4.25H9.25z"/>`,
  },
  { id: 'deployments', href: '/deployments', label: 'Deployments', icon: html`<path d="M2.5 4h11m-11 4h11m-11 4h7"/>` },
  { id: 'dora', href: '/dora', label: 'Delivery', icon: html`<path d="M2.5 13.5h11M4.5 11V8m3.5 3V3.5M11.5 11V6"/>` },
  {
    id: 'evidence',
    href: '/evidence',
    label: 'Evidence',
    icon: html`<path d="M3.5 2.5h6l3 3v8h-9zm2.5 6 1.5 1.5L10.25 7"/>`,
  },
  {
    id: 'help',
    href: '/help',
    label: 'Help',
    icon: html`<circle cx="8" cy="8" r="6"/><path d="M6.25 6.25a1.75 1.75 0 1 1 2.5 1.6c-.5.3-.75.6-.75 1.15M8 11v.25"/>`,
  },
] as const;

const STYLES = ['base', 'side', 'controls', 'card', 'forms', 'chat', 'pages', 'tables', 'dora', 'phone'] as const;

export function readerOf({ catalog, viewer, readOnly }: Frame): Reader {
  return { person: viewer.person, account: viewer.account.id, baseUrl: catalog.baseUrl, readOnly };
}

/** The whole document. */
export function layout(frame: Frame, page: Page): Html {
  const { assets, viewer, mark } = frame;
  return html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>${page.title} · Countersign</title>
  <link rel="icon" href="${assets}/icon.svg" type="image/svg+xml">
  ${STYLES.map((name) => html`<link rel="stylesheet" href="${assets}/${name}.css">`)}
  <script type="module" src="${assets}/main.js"></script>
</head>
<body class="page-${page.current}" data-as="${viewer.account.id}" data-mark="${mark}">
  <a class="skip" href="#main">Skip to content</a>
  <header class="side">
    <a class="brand" href="/">${logo()}<span>Countersign</span></a>
    <nav aria-label="Pages">${PAGES.map(({ id, href, label, icon }) => navLink(href, label, icon, id === page.current))}</nav>
    ${page.aside ?? NOTHING}
    ${frame.readOnly ? NOTHING : switcher(frame)}
  </header>
  <main id="main" tabindex="-1">
    <p class="warning">${warning(frame)}</p>
    <div id="notices" class="notices" aria-live="polite">${frame.notice ?? NOTHING}</div>
    ${page.body}
  </main>
  <p id="announcer" class="unseen" role="status"></p>
</body>
</html>`;
}

function warning({ readOnly }: Frame): Html {
  return readOnly
    ? html`Read only: anyone who can open this page can read all of it. <span>Give commands in the chat.</span>`
    : html`Anyone who can open this page can act as anyone. <span>Keep it on this machine.</span>`;
}

function navLink(href: string, label: string, icon: Html, current: boolean): Html {
  return html`<a class="nav" href="${href}"${current && html` aria-current="page"`}><svg viewBox="0 0 16 16" aria-hidden="true">${icon}</svg><span>${label}</span></a>`;
}

function switcher({ viewer, viewers, here }: Frame): Html {
  return html`<form class="switch" method="post" action="/console/who">
    <input type="hidden" name="back" value="${here}">
    ${avatar(viewer.person)}
    <label><span>You are</span>
      <select name="as" id="who" data-submit>${viewers.map((one) => option(one, one.account.id === viewer.account.id))}</select>
    </label>
    <button class="button" data-scriptless>Switch</button>
  </form>`;
}

function option({ account, person, hint }: Viewer, selected: boolean): Html {
  const more = hint === '' ? '' : ` (${hint})`;
  return html`<option value="${account.id}"${selected && html` selected`}>${person.name}${more}</option>`;
}
