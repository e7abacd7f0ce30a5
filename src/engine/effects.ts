import { placeKey } from '../domain/catalog.ts';
import type { Deployment } from '../domain/deployment.ts';
import type { NewEffect, Topic } from '../domain/effect.ts';
import type { DeploymentEvent } from '../domain/event.ts';
import type { Person } from '../domain/person.ts';
import { leadOf, toldAs } from '../domain/train.ts';
import { overtakes } from '../domain/urgent.ts';
import { toAnswer } from '../domain/waits.ts';
import type { Hearing } from './places.ts';

/** One step of a deployment's history, with the row before and after it. */
export interface Step {
  readonly before: Deployment | undefined;
  readonly event: DeploymentEvent;
  readonly by: Person;
  readonly after: Deployment;
}

/** A success that took at least this many milliseconds rings its requester, who has gone on to other things. */
const LONG_RUN_MS = 600_000;
/** A step that took longer than this is told in the thread. */
const LONG_STEP_MS = 30_000;

/** What must happen outside because of these steps. Pure: who hears was found out before. `due` in milliseconds since 1970. */
export function effectsOf(steps: readonly Step[], heard: readonly Hearing[], due: number): readonly NewEffect[] {
  const last = steps.at(-1)?.after;
  if (last === undefined) return [];
  return [
    ...steps.flatMap((step) => runEffects(step, due)),
    ...(steps.some(({ event }) => !UNSEEN.has(event.type))
      ? heard.map((hearing) => cardEffect(last, hearing, due))
      : []),
    ...steps.flatMap((step) => heard.flatMap((hearing) => replyEffects(step, hearing, due))),
    ...steps.flatMap((step) => whisperEffects(step, due)),
    ...(last.plan === undefined || !steps.some(({ event }) => RECORDED.has(event.type))
      ? []
      : [recordEffect(last, due)]),
  ];
}

/** Events that no card shows. Drawing anew where a card could not be delivered would never end. */
const UNSEEN: ReadonlySet<DeploymentEvent['type']> = new Set(['approval-denied', 'card-undelivered']);

const RECORDED: ReadonlySet<DeploymentEvent['type']> = new Set([
  'dispatched',
  'run-started',
  'succeeded',
  'failed',
  'cancelled',
  'rollback-ended',
]);

function runEffects({ before, event, after }: Step, due: number): readonly NewEffect[] {
  const { id } = after;
  const lane = `run:${id}`;
  switch (event.type) {
    case 'checks-started':
      return after.kind === 'rollback' ? [] : [gatherEffect(after, due)];
    case 'dispatched':
      return [{ key: `start:${id}`, lane, mode: 'once', effect: { kind: 'start-run', deployment: id }, due }];
    case 'cancel-asked':
      return [stopEffect(after, due)];
    case 'progressed':
      return toAnswer(after).map((wait) => answerEffect(after, wait.id, due));
    case 'run-started':
      return before?.cancellation === undefined ? [] : [stopEffect(after, due)];
    case 'succeeded':
    case 'failed':
    case 'cancelled': {
      if (after.run === undefined) return [];
      const tidy: NewEffect = {
        key: `tidy:${id}`,
        lane,
        mode: 'once',
        effect: { kind: 'tidy-run', deployment: id },
        due,
      };
      // What we call failed may still be running there (another commit, over its time).
      return event.type === 'failed' ? [stopEffect(after, due), tidy] : [tidy];
    }
    default:
      return [];
  }
}

function stopEffect({ id, version }: Deployment, due: number): NewEffect {
  return {
    key: `stop:${id}:${version}`,
    lane: `run:${id}`,
    mode: 'once',
    effect: { kind: 'stop-run', deployment: id },
    due,
  };
}

/** One key a question: however often it is seen, it is answered once. */
function answerEffect({ id }: Deployment, wait: string, due: number): NewEffect {
  const effect = { kind: 'answer-wait', deployment: id, wait } as const;
  return { key: `answer:${id}:${wait}`, lane: `answer:${id}`, mode: 'once', effect, due };
}

/** Gathers the facts of a request, at first or anew. */
export function gatherEffect({ id, version }: Deployment, due: number): NewEffect {
  return {
    key: `gather:${id}:${version}`,
    lane: `facts:${id}`,
    mode: 'once',
    effect: { kind: 'gather', deployment: id },
    due,
  };
}

function recordEffect({ id }: Deployment, due: number): NewEffect {
  return { key: `record:${id}`, lane: `record:${id}`, mode: 'latest', effect: { kind: 'record', deployment: id }, due };
}

/** The card of a deployment, or of the train that it goes with: then whatever changes in one of them draws the one card anew. */
export function cardEffect(of: Told, { place, audience }: Hearing, due: number): NewEffect {
  return {
    key: cardKey(of, { place }),
    lane: chatLane(of, { place }),
    mode: 'latest',
    effect: { kind: 'card', deployment: leadOf(toldAs(of)) ?? of.id, place, audience },
    due,
  };
}

type Told = Pick<Deployment, 'id' | 'train'>;

/** Key of the root message of a deployment, or of its train, in a place; its handle is found under it. */
export function cardKey(of: Told, { place }: Pick<Hearing, 'place'>): string {
  return `card:${toldAs(of)}@${placeKey(place)}`;
}

function chatLane(of: Told, { place }: Pick<Hearing, 'place'>): string {
  return `chat:${toldAs(of)}@${placeKey(place)}`;
}

function replyEffects({ before, event, after }: Step, { place, audience }: Hearing, due: number): readonly NewEffect[] {
  const topic =
    audience === 'engineering'
      ? threadTopic(before, event, after)
      : audience === 'broadcast'
        ? newsTopic(before, event)
        : undefined;
  if (topic === undefined) return [];
  const said = replyEffect(after, { place, audience }, topic, due);
  return [overtakes(topic, event) ? { ...said, lane: `${said.lane}:urgent` } : said];
}

/** A message under the card, about the newest entry of a deployment. */
export function replyEffect(after: Deployment, { place, audience }: Hearing, topic: Topic, due: number): NewEffect {
  const { id, version } = after;
  return {
    key: `reply:${id}@${placeKey(place)}:${version}`,
    lane: chatLane(after, { place }),
    mode: 'once',
    effect: { kind: 'reply', deployment: id, place, audience, topic, entry: version },
    due,
  };
}

/** What deserves a message of its own in the engineers' thread. Edits of a card ring no bell. */
function threadTopic(before: Deployment | undefined, event: DeploymentEvent, after: Deployment): Topic | undefined {
  switch (event.type) {
    case 'approval-asked':
      return before?.state === 'checking' ? 'approval-needed' : undefined;
    case 'reminded':
      return 'reminder';
    case 'nudged':
      return 'nudge';
    case 'requested':
      return after.kind === 'hotfix' ? 'hotfix-asked' : undefined;
    case 'escalated':
    case 'glass-broken':
    case 'countersigned':
    case 'approvals-voided':
    case 'rejected':
    case 'refused':
    case 'expired':
    case 'failed':
    case 'cancelled':
      return event.type;
    case 'progressed':
      return longStep(before, after) ? 'step-done' : undefined;
    case 'contact-lost':
      return 'silent';
    case 'succeeded':
      return Date.parse(after.since) - Date.parse(after.startedAt ?? after.since) >= LONG_RUN_MS
        ? 'succeeded'
        : undefined;
    case 'rollback-ended':
      return event.outcome === 'rolled-back' ? 'rolled-back' : 'failed';
    default:
      return undefined;
  }
}

function longStep(before: Deployment | undefined, after: Deployment): boolean {
  return after.steps.some((step, index) => {
    const fresh = step.state === 'succeeded' && before?.steps[index]?.state !== 'succeeded';
    return (
      fresh &&
      step.startedAt !== undefined &&
      step.endedAt !== undefined &&
      Date.parse(step.endedAt) - Date.parse(step.startedAt) > LONG_STEP_MS
    );
  });
}

/** News for everybody when an announced success is taken back: people acted on the first message, an edit would not reach them. */
function newsTopic(before: Deployment | undefined, event: DeploymentEvent): Topic | undefined {
  if (event.type === 'rollback-began') return before?.state === 'succeeded' ? 'rolling-back' : undefined;
  if (event.type === 'rollback-ended') return event.outcome === 'rolled-back' ? 'rolled-back' : 'failed';
  return undefined;
}

function whisperEffects({ event, after }: Step, due: number): readonly NewEffect[] {
  if (event.type !== 'refused' && event.type !== 'card-undelivered') return [];
  const topic = event.type;
  const { id, version, requester } = after;
  const effect = { kind: 'whisper' as const, deployment: id, to: requester, topic, entry: version };
  return [{ key: `whisper:${id}:${version}`, lane: `whisper:${id}`, mode: 'once', effect, due }];
}
