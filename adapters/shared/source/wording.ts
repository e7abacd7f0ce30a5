import { clip } from '../../../src/domain/text.ts';

const LONGEST_TITLE = 300;
const LONGEST_NOTE = 500;

/** What a pull or merge request says of itself. */
export interface Described {
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
}

/** The first line of a commit's message. */
export function titleOf(message: string): string {
  const line = message.trimStart().split('\n', 1)[0]?.trim() ?? '';
  return clip(line === '' ? '(no message)' : line, LONGEST_TITLE);
}

/** The section `## Release note` of the text; with the label `release-note`, the text's first line or else the title. */
export function releaseNoteOf({ title, body, labels }: Described): string | undefined {
  const section = /^#{1,6}[ \t]*release[ -]notes?:?[ \t]*$([\s\S]*?)(?=^#{1,6}[ \t]|(?![\s\S]))/im.exec(
    withoutComments(body),
  )?.[1];
  const written = section?.trim() ?? '';
  if (written !== '') return clip(written, LONGEST_NOTE);
  if (!labels.some((name) => name.toLowerCase() === 'release-note')) return undefined;
  const lines = withoutComments(body).split('\n');
  const line = lines.map((text) => text.trim()).find((text) => text !== '' && !text.startsWith('#'));
  return clip(line ?? title, LONGEST_NOTE);
}

/** Templates put their instructions into comments. */
function withoutComments(body: string): string {
  return body.replace(/\r\n/g, '\n').replace(/<!--[\s\S]*?-->/g, '');
}
