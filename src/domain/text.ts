import type { Person } from './person.ts';

/**
 * A piece of a sentence. A bare string is plain text of any origin (a branch name, a commit title, what somebody typed):
 * renderers must escape it for their platform, so that it can neither format nor notify.
 */
export type Inline =
  | string
  | { readonly kind: 'strong'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly url: string }
  /**
   * A moment, shown in the reader's own time zone where the platform can; `at` is ISO 8601 in UTC. `shown`: how the one person that it is
   * for is told, in their zone and language, where the platform cannot.
   */
  | { readonly kind: 'time'; readonly at: string; readonly style: 'clock' | 'date'; readonly shown?: string }
  /** A person by name; `notify` rings the person's bell on platforms where the person has an account. */
  | { readonly kind: 'person'; readonly person: Person; readonly notify: boolean }
  /** A group of approvers; `notify` rings every member's bell where the platform knows the group. */
  | { readonly kind: 'group'; readonly name: string; readonly notify: boolean; readonly source?: GroupHandle };

/** Where a chat platform knows a group by an id of its own, e.g. a Slack user group. */
export interface GroupHandle {
  readonly chat: string;
  readonly id: string;
}

/** One line or paragraph. */
export type Text = readonly Inline[];

/** The same words without any dress, for notifications, logs and screen readers. */
export function plain(text: Text): string {
  return text.map(plainInline).join('');
}

function plainInline(part: Inline): string {
  if (typeof part === 'string') return part;
  switch (part.kind) {
    case 'strong':
    case 'code':
    case 'link':
      return part.text;
    case 'time':
      if (part.shown !== undefined) return part.shown;
      return part.style === 'clock' ? `${part.at.slice(11, 16)} UTC` : `${part.at.slice(0, 16).replace('T', ' ')} UTC`;
    case 'person':
      return part.person.name;
    case 'group':
      return `@${part.name}`;
  }
}

/** Cuts to at most `limit` characters (UTF-16 units, never through a surrogate pair) and marks the cut with an ellipsis. */
export function clip(value: string, limit: number): string {
  if (value.length <= limit) return value;
  const cut = value.slice(0, Math.max(0, limit - 1));
  return `${/[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}

/** Words between backticks become code; for sentences of ours. */
export function coded(sentence: string): Text {
  return sentence
    .split('`')
    .map((text, index) => (index % 2 === 1 ? { kind: 'code' as const, text } : text))
    .filter((part) => part !== '');
}

/** A span of time in words, e.g. `4 min 12 s`, `2 h 5 min`, `800 ms`. */
export function duration(milliseconds: number): string {
  const whole = Math.max(0, Math.round(milliseconds));
  if (whole < 1000) return `${whole} ms`;
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

/** Ends what somebody else said (a tool, a person) like a sentence, so that another may follow. */
export function closed(sentence: string): string {
  return /[.!?…:]$/.test(sentence) ? sentence : `${sentence}.`;
}

/** A whole number in groups of three digits, as English writes it: `65,984`. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** `1 change`, `3 changes`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
