import { type Announcement, note } from '../announcement.ts';
import { groupWords } from '../code-owners.ts';
import type { Deployment } from '../deployment.ts';
import type { Refusal } from '../refusal.ts';
import { coded, plain, type Text } from '../text.ts';
import { asPart, toldAs } from '../train.ts';
import { summary, type TellContext } from './context.ts';
import {
  type Asker,
  atProvider,
  mayNotApprove,
  type Obstacle,
  obstaclesOf,
  type Surroundings,
  targetObstacles,
} from './obstacles.ts';
import { happening } from './sentence.ts';
import { holdWords, trainFacts } from './train-words.ts';

/** One answer: why it does not move, why the asker may not approve, and what would help. */
export function whyCard(
  deployment: Deployment,
  around: Surroundings,
  asker: Asker,
  context: TellContext,
): Announcement {
  const obstacles = [...obstaclesOf(deployment, around), ...heldObstacles(deployment, context)];
  // Whoever had a hand in another one of its train may not approve this one either.
  const mayNot = mayNotApprove(asPart(deployment, context.train?.members ?? []), asker, context);
  const may = deployment.state === 'awaiting-approval' && mayNot.length === 0 && asker.person.known;
  const first = obstacles.length === 0 ? happening(deployment, context) : `${deployment.id} does not move yet.`;
  return whyNote(
    `${deployment.id} · ${deployment.service} → ${deployment.environment}: ${first}`,
    [
      ['', obstacles],
      ['You may not approve it. ', mayNot],
    ],
    [
      ...trainFacts(deployment).map(({ label, value }): Text => [`${label} `, ...value, '.']),
      ...heard(deployment),
      ...(may ? [coded(`You may decide on it: \`approve ${toldAs(deployment)}\`.`)] : []),
    ],
  );
}

/** Others of its train keep it back. */
function heldObstacles(deployment: Deployment, { train }: TellContext): readonly Obstacle[] {
  if (train?.hold === undefined) return [];
  const next = `It goes by itself when its turn comes; see \`train ${toldAs(deployment)}\`.`;
  return [{ code: 'part-of-train', sentence: holdWords(train.hold, deployment), next }];
}

/** Who was asked for a countersignature, reminded and nudged, and when. */
function heard({ state, since, findings, remindedAt, nudgedAt, escalations = [] }: Deployment): readonly Text[] {
  if (state !== 'awaiting-approval') return [];
  const names = [...new Set((findings?.eligible ?? []).flatMap(({ may }) => may.map(({ name }) => name)))];
  const who = names.length > 6 ? `${names.slice(0, 6).join(', ')} and ${names.length - 6} more` : names.join(', ');
  const line = (words: string, at: string): Text => [`${words} `, { kind: 'time', at, style: 'date' }, '.'];
  return [
    line(`Asked: ${who === '' ? 'nobody known' : who},`, since),
    ...(remindedAt === undefined ? [] : [line('Reminded', remindedAt)]),
    ...(nudgedAt === undefined ? [] : [line('Nudged', nudgedAt)]),
    ...escalations.map(({ group, to, at }) => line(`${groupWords(group)} was silent, ${groupWords(to)} was asked`, at)),
  ];
}

/** What a request of the asker's own would meet now. */
export interface Asked {
  readonly ref: string;
  readonly refusals: readonly Refusal[];
}

/** Why nothing, or not at once, can be deployed to a target. */
export function whyTargetCard(
  where: { readonly service: string; readonly environment: string },
  around: Surroundings,
  asked: Asked,
): Announcement {
  const found = targetObstacles('regular', around);
  const told = new Set<string>(found.map(({ code }) => code));
  const own = asked.refusals.filter(({ code }) => !told.has(code));
  const busy = around.others.filter(
    ({ state }) => state === 'running' || state === 'queued' || state === 'rolling-back',
  );
  const place = `${where.service} in ${where.environment}`;
  const down = atProvider(around);
  const queue: readonly Obstacle[] =
    busy.length === 0
      ? []
      : [
          {
            code: 'queued',
            sentence: `Under way there: ${busy
              .slice(0, 5)
              .map(({ id, requester }) => `${id} by ${requester.name}`)
              .join(', ')}.`,
            next: 'A new one waits for its turn.',
          },
        ];
  const title =
    found.length > 0
      ? `${place} is closed.`
      : own.length > 0
        ? `${place} is open, but ${asked.ref} cannot go there now.`
        : down.length > 0
          ? `${place} is open, but its provider does not answer.`
          : busy.length > 0
            ? `${place} is open, but busy.`
            : `Nothing keeps ${place} closed.`;
  return whyNote(
    title,
    [
      ['', [...found, ...queue, ...down]],
      [`If you asked for ${asked.ref} now: `, own],
    ],
    found.length + own.length > 0 ? [] : [coded(`Ask with \`run ${where.service} ${where.environment}\`.`)],
  );
}

function whyNote(
  title: string,
  groups: readonly (readonly [string, readonly Obstacle[]])[],
  last: readonly Text[],
): Announcement {
  const all = groups.flatMap(([, obstacles]) => obstacles);
  const lines = groups.flatMap(([head, obstacles]) =>
    obstacles.flatMap(({ sentence, next, until }): readonly Text[] => [
      [
        '• ',
        ...coded(`${head}${sentence}`),
        ...(until === undefined ? [] : [' Until ', { kind: 'time' as const, at: until, style: 'date' as const }, '.']),
      ],
      coded(next),
    ]),
  );
  const said = [title, ...[...lines, ...last].map(plain)].join(' ');
  const codes = [...new Set(all.map(({ code }) => code))].join(', ');
  return {
    ...note(all.length === 0 ? 'neutral' : 'waiting', [title], summary(said), [...lines, ...last]),
    context: codes === '' ? [] : [{ kind: 'code', text: codes }],
  };
}
