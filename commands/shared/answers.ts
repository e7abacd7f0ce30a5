import { type Announcement, type Button, note, type Tone } from '../../src/domain/announcement.ts';
import type { Catalog } from '../../src/domain/catalog.ts';
import type { Refusal } from '../../src/domain/refusal.ts';
import { pageUrl, summary } from '../../src/domain/tell/context.ts';
import { clip, closed, coded, counted, plain, type Text } from '../../src/domain/text.ts';
import type { Reply } from '../../src/ports/chat.ts';

/** An answer that nobody else sees. */
export function answer(announcement: Announcement): Reply {
  return { kind: 'say', announcement, visibility: 'private' };
}

/** A private answer of a first line and perhaps some more. The summary is made of both, so that nothing is lost to a screen reader. */
export function tellPrivately(
  tone: Tone,
  title: Text,
  lines: readonly Text[] = [],
  more: Partial<Announcement> = {},
): Reply {
  const words = [title, ...lines].map((line) => closed(plain(line))).join(' ');
  return answer({ ...note(tone, title, summary(words), lines), ...more });
}

interface RefusalExtras {
  readonly buttons?: readonly Button[];
  /** Found again in the log. */
  readonly reference?: string;
}

/** Says no: every refusal with its sentence, its next step and its code. */
export function refusedCard(
  refusals: readonly Refusal[],
  { buttons = [], reference }: RefusalExtras = {},
): Announcement {
  const only = refusals.length === 1 ? refusals[0] : undefined;
  const title: Text = only === undefined ? [`${counted(refusals.length, 'thing')} in the way`] : coded(only.sentence);
  const all = refusals.flatMap(({ sentence, next }) => [['• ', ...coded(sentence)], coded(next)]);
  const words = refusals.map(({ sentence, next }) => `${sentence} ${next}`).join(' ');
  const codes = [...new Set(refusals.map(({ code }) => code))].join(', ');
  return {
    ...note('bad', title, summary(words.replaceAll('`', '')), only === undefined ? all : [coded(only.next)]),
    buttons,
    context: [
      { kind: 'code', text: codes },
      ...(reference === undefined ? [] : [' · reference ', { kind: 'code' as const, text: reference }]),
    ],
  };
}

/** The same as a private answer. */
export function refused(refusals: readonly Refusal[], more: RefusalExtras = {}): Reply {
  return answer(refusedCard(refusals, more));
}

/** Slack allows 75 characters on a button, and others look no better with more. */
const LABEL_LIMIT = 75;

/** A button that types a line when it is pressed. */
export function runButton(
  label: string,
  line: string,
  more: Partial<Pick<Button, 'style' | 'confirm' | 'ask'>> = {},
): Button {
  return { label: clip(label, LABEL_LIMIT), verb: 'run', value: line, style: 'plain', ...more };
}

/** The id, linked to its page where there are pages. */
export function idText(id: string, catalog: Catalog): Text[number] {
  const url = pageUrl({ id }, { catalog });
  return url === undefined ? { kind: 'strong', text: id } : { kind: 'link', text: id, url };
}

/** Where a list is shown whole. */
export function pageOf(catalog: Catalog, path: string): { readonly url?: string } {
  return catalog.baseUrl === undefined ? {} : { url: `${catalog.baseUrl}${path}` };
}
