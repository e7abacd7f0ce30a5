import { type Announcement, note, type Tone } from '../announcement.ts';
import { scopeTyped, scopeWords } from '../held.ts';
import { type Lock, scopeOf } from '../lock.ts';
import type { Notice } from '../notice.ts';
import type { Inline, Text } from '../text.ts';
import { closed, plain } from '../text.ts';
import { summary, type TellContext } from './context.ts';

interface Words {
  readonly tone: Tone;
  readonly title: Text;
  readonly lines: readonly Text[];
}

/** What somebody is told beside the cards of deployments. */
export function noticeCard(notice: Notice, context: Pick<TellContext, 'catalog' | 'now'>): Announcement {
  const { tone, title, lines } = words(notice);
  const said = [title, ...lines].map((line) => closed(plain(line))).join(' ');
  const page = 'deployment' in notice && context.catalog.baseUrl !== undefined;
  const links = page ? [{ label: 'Details', url: `${context.catalog.baseUrl}/deployments/${notice.deployment}` }] : [];
  return { ...note(tone, title, summary(said), lines), links };
}

function words(notice: Notice): Words {
  switch (notice.kind) {
    case 'lock-still-needed':
      return {
        tone: 'waiting',
        title: [`Do you still need the lock of ${scopeWords(notice.scope)}?`],
        lines: [why(notice.lock), ['You locked it ', date(notice.lock.at), '. ', ...unlockWords(notice.scope)]],
      };
    case 'lock-expired':
      return {
        tone: 'neutral',
        title: [`Your lock of ${scopeWords(notice.scope)} has expired.`],
        lines: [why(notice.lock)],
      };
    case 'lock-taken':
      return {
        tone: 'bad',
        title: [`${notice.by.name} took over your lock of ${scopeWords(notice.scope)}: `, notice.reason],
        lines: [why(notice.lock)],
      };
    case 'lock-opened':
      return {
        tone: 'neutral',
        title: [`${notice.by.name} opened your lock of ${scopeWords(notice.scope)}`, ...because(notice.reason)],
        lines: [why(notice.lock)],
      };
    case 'review-due':
      return {
        tone: notice.overdue ? 'bad' : 'waiting',
        title: [
          `${notice.deployment} ${notice.overdue ? 'should have been reviewed by ' : 'is to be reviewed until '}`,
          date(notice.dueAt),
        ],
        lines: [
          [`${notice.service} to ${notice.environment} (${notice.causes.join(', ')}).`],
          [
            'Look at it, then close the review with ',
            { kind: 'code', text: `review ${notice.deployment} what you found` },
            '.',
          ],
        ],
      };
    case 'review-closed':
      return { tone: 'good', title: [`${notice.by.name} reviewed ${notice.deployment}: `, notice.note], lines: [] };
    case 'delegated':
      return {
        tone: 'waiting',
        title: [`${notice.by.name} asks you to decide in their stead`, ...because(notice.reason)],
        lines: [['From ', date(notice.from), ' until ', date(notice.until), '.']],
      };
    case 'delegation-ended':
      return { tone: 'neutral', title: [`${notice.by.name} decides in person again.`], lines: [] };
  }
}

function why({ reason }: Lock): Text {
  return [`Reason: ${reason}`];
}

function because(reason: string | undefined): Text {
  return reason === undefined || reason === '' ? [] : [`: ${reason}`];
}

function date(at: string): Inline {
  return { kind: 'time', at, style: 'date' };
}

function unlockWords(key: string): Text {
  const scope = scopeOf(key);
  const line = `unlock ${scope === undefined ? key : scopeTyped(scope)}`;
  return ['Open it with ', { kind: 'code', text: line }, '.'];
}
