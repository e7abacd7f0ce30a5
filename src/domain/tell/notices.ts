import { type Announcement, note, type Tone } from '../announcement.ts';
import { scopeTyped } from '../held.ts';
import { scopeOf } from '../lock.ts';
import type { LockNotice, Notice } from '../notice.ts';
import type { Text } from '../text.ts';
import { closed, plain } from '../text.ts';
import { summary, type TellContext } from './context.ts';
import { causesSaid, inLanguage, moment, say, scopeSaid, type Voice, words } from './words/say.ts';

interface Told {
  readonly tone: Tone;
  readonly title: Text;
  readonly lines: readonly Text[];
}

/** What somebody is told beside the cards of deployments, in their own voice; a place is told in the common one. */
export function noticeCard(notice: Notice, { catalog }: Pick<TellContext, 'catalog'>, voice: Voice): Announcement {
  const { tone, title, lines } = told(notice, voice);
  const said = [title, ...lines].map((line) => closed(plain(line))).join(' ');
  const page = 'deployment' in notice && catalog.baseUrl !== undefined;
  const label = words(voice, 'notice.details');
  const links = page ? [{ label, url: `${catalog.baseUrl}/deployments/${notice.deployment}` }] : [];
  return { ...note(tone, title, summary(said), lines), links, ...inLanguage(voice) };
}

function told(notice: Notice, voice: Voice): Told {
  switch (notice.kind) {
    case 'review-due':
      return reviewDue(notice, voice);
    case 'review-closed': {
      const { deployment: id, note: noted } = notice;
      const title = say(voice, 'notice.review.closed', { name: notice.by.name, id, note: noted });
      return { tone: 'good', title, lines: [] };
    }
    case 'delegated': {
      const { reason = '', from, until } = notice;
      const { name } = notice.by;
      const title =
        reason === '' ? say(voice, 'notice.delegated', { name }) : say(voice, 'notice.delegatedFor', { name, reason });
      const span = { from: moment(voice, from), until: moment(voice, until) };
      return { tone: 'waiting', title, lines: [say(voice, 'notice.delegated.span', span)] };
    }
    case 'delegation-ended':
      return { tone: 'neutral', title: say(voice, 'notice.delegation.ended', { name: notice.by.name }), lines: [] };
    default:
      return ofLock(notice, voice);
  }
}

function ofLock(notice: LockNotice, voice: Voice): Told {
  const scope = scopeSaid(voice, notice.scope);
  const why = say(voice, 'notice.reason', { reason: notice.lock.reason });
  switch (notice.kind) {
    case 'lock-still-needed': {
      const typed = scopeOf(notice.scope);
      const line = `unlock ${typed === undefined ? notice.scope : scopeTyped(typed)}`;
      const { at, cause: id } = notice.lock;
      if (id !== undefined) {
        const look = say(voice, 'notice.lock.look', { time: moment(voice, at), line });
        return { tone: 'waiting', title: say(voice, 'notice.lock.rolledBack', { scope, id }), lines: [why, look] };
      }
      const since = say(voice, 'notice.lock.since', { time: moment(voice, at), line });
      return { tone: 'waiting', title: say(voice, 'notice.lock.needed', { scope }), lines: [why, since] };
    }
    case 'lock-expired':
      return { tone: 'neutral', title: say(voice, 'notice.lock.expired', { scope }), lines: [why] };
    case 'lock-taken': {
      const { by, reason } = notice;
      return { tone: 'bad', title: say(voice, 'notice.lock.taken', { name: by.name, scope, reason }), lines: [why] };
    }
    case 'lock-opened': {
      const { by, reason = '' } = notice;
      const { name } = by;
      const title =
        reason === ''
          ? say(voice, 'notice.lock.opened', { name, scope })
          : say(voice, 'notice.lock.openedFor', { name, scope, reason });
      return { tone: 'neutral', title, lines: [why] };
    }
  }
}

function reviewDue(notice: Extract<Notice, { readonly kind: 'review-due' }>, voice: Voice): Told {
  const { deployment: id, service, environment, causes, dueAt, overdue } = notice;
  return {
    tone: overdue ? 'bad' : 'waiting',
    title: say(voice, overdue ? 'notice.review.late' : 'notice.review.due', { id, time: moment(voice, dueAt) }),
    lines: [
      say(voice, 'notice.review.what', { service, environment, causes: causesSaid(voice, causes) }),
      say(voice, 'notice.review.how', { id }),
    ],
  };
}
