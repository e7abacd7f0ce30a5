import type { TeamsActivity } from './activity.ts';

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/**
 * What somebody typed, without the bot's own mention and without Teams' dress: `<at>Countersign</at>&nbsp;web to prod` becomes
 * `web to prod`. Mentions of people become their names. The command's own name in front is no word of the line: `deploy web prod`
 * and `/deploy web prod` are `web prod`.
 * @param command as people type it, e.g. `/deploy`
 */
export function wordsOf(activity: TeamsActivity, command: string): string {
  let text = activity.text ?? '';
  for (const entity of activity.entities ?? []) {
    if (entity.type !== 'mention' || entity.text === undefined || entity.mentioned?.id !== activity.recipient.id)
      continue;
    text = text.replaceAll(entity.text, ' ');
  }
  const plain = text
    .replace(/<at[^>]*>(.*?)<\/at>/gis, '$1')
    .replace(/<br\s*\/?>|<\/(?:p|div)>/gi, '\n')
    .replace(/<[a-z/][^>]*>/gi, '');
  return withoutCommand(decoded(plain).trim(), command);
}

function decoded(text: string): string {
  return text
    .replace(
      /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]+));/gi,
      (whole, decimal?: string, hex?: string, name?: string) => {
        if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? whole;
        const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
        return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
      },
    )
    .replaceAll(' ', ' ');
}

function withoutCommand(line: string, command: string): string {
  const bare = command.replace(/^\//, '');
  const first = /^\S*/.exec(line)?.[0] ?? '';
  const word = first.toLowerCase();
  if (word === command || word === bare) return line.slice(first.length).trim();
  return line.startsWith('/') ? line.slice(1) : line;
}
