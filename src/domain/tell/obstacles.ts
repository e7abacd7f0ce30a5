import type { Closure } from '../calendar.ts';
import { groupWords } from '../code-owners.ts';
import { type Deployment, isOpen } from '../deployment.ts';
import { holdingLock, lockSentence, scopeTyped } from '../held.ts';
import type { HeldLock } from '../lock.ts';
import { type Person, sameHuman } from '../person.ts';
import type { PersonBook } from '../person-book.ts';
import { byTurn, isForLater } from '../queue.ts';
import { askedProgress } from '../rules.ts';
import { type Circle, standingOf } from '../standing.ts';
import { closed } from '../text.ts';
import { type Trouble, troubleWords } from '../trouble.ts';
import type { TellContext } from './context.ts';

/** Something in the way, and what would help. Code stands between backticks. Times are said in the reader's own clock. */
export interface Obstacle {
  readonly code: string;
  readonly sentence: string;
  readonly next: string;
  /** ISO 8601 in UTC: until when it lasts by itself. */
  readonly until?: string;
}

/** What stands around a target now. */
export interface Surroundings {
  /** Every lock that it lies under, the widest first. */
  readonly locks: readonly HeldLock[];
  readonly closure?: Closure;
  /** What has not ended there. */
  readonly others: readonly Deployment[];
  /** The provider of its target does not answer. */
  readonly trouble?: Trouble;
  /** ISO 8601 in UTC. */
  readonly now: string;
}

/** Who asks, and what people have said of themselves. */
export interface Asker {
  readonly person: Person;
  readonly books: readonly PersonBook[];
  /** Who is in the groups that are asked, where it could be read now. */
  readonly rosters?: NonNullable<Circle['rosters']>;
}

/** What keeps a deployment of that kind out of a target: a lock, the calendar. Rollbacks pass both, hotfixes every freeze. */
export function targetObstacles(kind: Deployment['kind'], { locks, closure, now }: Surroundings): readonly Obstacle[] {
  const held = holdingLock(locks, kind, now);
  const lock: readonly Obstacle[] =
    held === undefined
      ? []
      : [
          {
            code: 'target-locked',
            sentence: closed(lockSentence(held)),
            next: `Ask ${held.lock.by.name}, or \`unlock ${scopeTyped(held.scope)}\` when it is safe.`,
            ...(held.lock.expiresAt === undefined ? {} : { until: held.lock.expiresAt }),
          },
        ];
  if (closure === undefined || kind !== 'regular') return lock;
  const frozen = closure.kind === 'freeze';
  return [
    ...lock,
    {
      code: frozen ? 'frozen' : 'outside-hours',
      sentence: frozen
        ? `The calendar keeps it closed: ${closed(closure.title)}`
        : `It is outside the hours: ${closed(closure.title)}`,
      next: 'Wait until it opens; a hotfix passes, with a reason and its incident.',
      ...(closure.until === undefined ? {} : { until: closure.until }),
    },
  ];
}

/** Why a deployment does not move, all of it at once. Nothing: it moves, or has ended. */
export function obstaclesOf(deployment: Deployment, around: Surroundings): readonly Obstacle[] {
  return isOpen(deployment) ? [...ownObstacles(deployment, around), ...atProvider(around)] : [];
}

/** The provider of the target does not answer, whoever waits for it. */
export function atProvider({ trouble }: Surroundings): readonly Obstacle[] {
  if (trouble === undefined) return [];
  const next = 'It goes on by itself when the provider answers again.';
  return [{ code: 'provider-down', sentence: troubleWords(trouble), next }];
}

function ownObstacles(deployment: Deployment, around: Surroundings): readonly Obstacle[] {
  const { id, state, expiresAt, scheduledFor, silentSince } = deployment;
  const later: readonly Obstacle[] =
    scheduledFor !== undefined && isForLater(deployment, around.now)
      ? [
          {
            code: 'scheduled',
            sentence: 'It is scheduled for later.',
            next: 'It goes by itself at its time.',
            until: scheduledFor,
          },
        ]
      : [];
  switch (state) {
    case 'requested':
    case 'checking':
      return [{ code: 'checking', sentence: 'What would change is still being worked out.', next: 'Wait a moment.' }];
    case 'awaiting-approval':
      return [...missing(deployment, expiresAt), ...later, ...targetObstacles(deployment.kind, around)];
    case 'queued':
      return [...later, ...targetObstacles(deployment.kind, around), ...ahead(deployment, around)];
    case 'running':
      if (silentSince === undefined) return waitsThere(deployment);
      return [
        {
          code: 'silent',
          sentence: 'The provider gives no news of the run.',
          next: `See \`logs ${id}\`, or \`cancel ${id}\`.`,
        },
      ];
    default:
      return [];
  }
}

/** The provider asks a person of its own accord. */
function waitsThere({ waits = [] }: Deployment): readonly Obstacle[] {
  return waits.map(({ name, url }) => ({
    code: 'waits-there',
    sentence: `The provider waits for a person: “${name}”.`,
    next: url === undefined ? 'Answer it at the provider.' : `Answer it at the provider: ${url}`,
  }));
}

function missing(deployment: Deployment, expiresAt: string | undefined): readonly Obstacle[] {
  const { id, findings, countersignatures } = deployment;
  return askedProgress(deployment)
    .filter(({ rule, by }) => by.length < rule.count)
    .map(({ rule, by }): Obstacle => {
      const may = (findings?.eligible.find(({ group }) => group === rule.group)?.may ?? []).filter(
        (one) => !countersignatures.some((given) => sameHuman(given.by, one)),
      );
      const instead =
        rule.instead === undefined ? '' : ` ${rule.instead.map(groupWords).join(', ')} may decide instead.`;
      const because = rule.because === undefined ? '' : ` (${rule.because})`;
      const names = may.slice(0, 6).map(({ name }) => name);
      const more = may.length > names.length ? ` and ${may.length - names.length} more` : '';
      const who = names.length === 0 ? 'Nobody known may.' : `May: ${names.join(', ')}${more}.`;
      return {
        code: 'awaiting-approval',
        sentence: `It needs ${rule.count - by.length} more of ${groupWords(rule.group)}${because}. ${who}${instead}`,
        next: `Remind them with \`nudge ${id}\`.`,
        ...(expiresAt === undefined ? {} : { until: expiresAt }),
      };
    });
}

function ahead(deployment: Deployment, { others, now }: Surroundings): readonly Obstacle[] {
  const running = others.filter(
    ({ id, state }) => id !== deployment.id && (state === 'running' || state === 'rolling-back'),
  );
  const before = others
    .filter((one) => one.state === 'queued' && one.id !== deployment.id && byTurn(one, deployment) < 0)
    .filter((one) => !isForLater(one, now))
    .sort(byTurn);
  const first = [...running, ...before];
  if (first.length === 0) return [];
  const names = first.slice(0, 5).map(({ id, requester }) => `${id} by ${requester.name}`);
  const more = first.length > names.length ? ` and ${first.length - names.length} more` : '';
  return [
    {
      code: 'queued',
      sentence: `It is number ${before.length + 1} in the queue. Ahead of it: ${names.join(', ')}${more}.`,
      next: 'It goes by itself when its turn comes.',
    },
  ];
}

/** Why the asker may not countersign, all of it at once; nothing when they may. Judged like the press itself. */
export function mayNotApprove(
  deployment: Deployment,
  { person, books, rosters }: Asker,
  { catalog, now }: Pick<TellContext, 'catalog' | 'now'>,
): readonly Obstacle[] {
  const circle = { books, catalog, now, ...(rosters === undefined ? {} : { rosters }) };
  const { refusals = [] } = standingOf(deployment, person, circle) ?? {};
  // Whoever has a part in it, or has said yes, needs no group.
  const own = refusals.filter(({ code }) => code !== 'not-in-group' && code !== 'group-unreadable');
  return own.length > 0 ? own : refusals;
}
