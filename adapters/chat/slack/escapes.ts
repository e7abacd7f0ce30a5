/**
 * What a person typed, out of Slack's escaped form: `<@U1|anna>` is `@anna`, `<#C1|deploys>` is `#deploys`, a link is what was
 * typed, `&lt;` is `<`. Source: docs.slack.dev, formatting message text, "retrieving messages"; slash commands "should_escape".
 */
export function decoded(text: string): string {
  return text
    .replace(/<([^<>]*)>/g, (_whole, inside: string) => token(inside))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

/** The text of a mention without the mention of the bot itself, wherever it stands. */
export function withoutMention(text: string, botUserId: string): string {
  return text
    .replace(/<@([A-Z0-9]+)(?:\|[^>]*)?>/g, (whole, id: string) => (id === botUserId ? ' ' : whole))
    .replace(/\s+/g, ' ')
    .trim();
}

function token(inside: string): string {
  const bar = inside.indexOf('|');
  const [target, label] = bar === -1 ? [inside, ''] : [inside.slice(0, bar), inside.slice(bar + 1)];
  if (target.startsWith('@')) return `@${label === '' ? target.slice(1) : label.replace(/^@/, '')}`;
  if (target.startsWith('#')) return `#${label === '' ? target.slice(1) : label.replace(/^#/, '')}`;
  if (target.startsWith('!')) return label === '' ? `@${target.slice(1).replace(/\^.*$/, '')}` : label;
  return label === '' ? target.replace(/^mailto:/, '') : label;
}
