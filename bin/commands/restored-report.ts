import { shortSha } from '../../src/domain/change-set.ts';
import { type Deployment, STATES } from '../../src/domain/deployment.ts';
import { isOver, lockSentence } from '../../src/domain/held.ts';
import type { HeldLock } from '../../src/domain/lock.ts';
import type { Target } from '../../src/domain/target.ts';
import { counted, duration } from '../../src/domain/text.ts';
import type { Holding } from '../../src/store/transfer.ts';
import { type Point, pointText } from './backup-point.ts';

/** What a restore left behind. */
export interface Restored {
  readonly point: Point;
  /** Effects in doubt. */
  readonly owed: number;
  /** Console messages of deployments that the log does not know. */
  readonly stray: number;
  /** The number that the next deployment gets. */
  readonly next: number;
  readonly targets: readonly Target[];
  /** Locked by the restore. */
  readonly locked: readonly Pick<Target, 'service' | 'environment'>[];
  /** What the log takes to be locked beside that, wide locks first. */
  readonly locks: readonly HeldLock[];
  /** Milliseconds since 1970. */
  readonly now: number;
}

const NOT_BEGUN: ReadonlySet<Deployment['state']> = new Set(['requested', 'checking', 'awaiting-approval', 'queued']);

/** Had it not begun, so that nobody knows whether it has since? A lock holds it; it does not hold a rollback. */
export function mayBegin({ kind, state }: Deployment): boolean {
  return kind !== 'rollback' && NOT_BEGUN.has(state);
}

/** Messages that the console still shows of deployments from after the backup. */
export async function strayMessages(holding: Pick<Holding, 'rows'>, next: number): Promise<number> {
  let stray = 0;
  for await (const rows of holding.rows('records')) {
    for (const { record } of rows) if (numberIn(record) >= next) stray += 1;
  }
  return stray;
}

function numberIn(record: string): number {
  const { message } = JSON.parse(record) as { readonly message?: { readonly key?: unknown } };
  return Number(/:D-(\d+)/.exec(String(message?.key))?.[1] ?? 0);
}

/** Everything that people must know and look at, in plain lines. */
export function restoredReport(restored: Restored): string {
  const { point, owed, now, next } = restored;
  const ago = point.at === undefined ? '' : `  that was     ${duration(now - Date.parse(point.at))} ago\n`;
  const open = point.open.toSorted((one, other) => one.number - other.number);
  return [
    pointText(point),
    ago,
    `\nThe log goes on from there; an entry \`restored\` says so to auditors.\n`,
    `${counted(owed, 'effect')} may have been done after the backup: each is asked about outside before it is done again.\n`,
    open.length === 0 ? '' : `\nLook at these; they went on after the backup and the log does not know how:\n`,
    ...open.map(openLine),
    ...lockLines(restored),
    ...heldLines(restored),
    ...targetLines(restored),
    `\nThe log knows nothing of what was asked, approved, locked or subscribed after ${point.at ?? 'the beginning'}. Look at the providers for\n`,
    `runs that began later: nobody watches them here. Numbers from D-${next} on are given again; buttons on cards of the former ones do nothing.\n`,
    'A command that a chat platform delivers again (Slack: within about an hour) may be obeyed a second time.\n',
    strayLine(restored),
  ].join('');
}

function openLine(deployment: Deployment): string {
  const { id, service, environment, state, findings, run } = deployment;
  const sha = findings === undefined ? '' : ` ${shortSha(findings.sha)}`;
  return `  ${id}  ${service} in ${environment}${sha} · ${STATES[state]?.word ?? state} · ${nextOf(deployment, run?.id)}\n`;
}

function nextOf(deployment: Deployment, run: string | undefined): string {
  if (run !== undefined) return `run ${run} is looked at at once`;
  if (deployment.state === 'running') return 'the provider is asked for its run before one is started';
  if (deployment.state === 'rolling-back') return 'ends with its rollback';
  if (mayBegin(deployment)) return 'held by a lock: if it ran meanwhile, call it off';
  return 'A ROLLBACK IS NOT HELD BY A LOCK and starts by itself: call it off before its turn if it ran meanwhile';
}

function lockLines({ locked }: Restored): readonly string[] {
  if (locked.length === 0) return [];
  return [
    '\nLocked until somebody has looked (`unlock SERVICE ENVIRONMENT`):\n',
    ...locked.map(({ service, environment }) => `  ${service} in ${environment}\n`),
  ];
}

function heldLines({ locks, now }: Restored): readonly string[] {
  const more =
    'What was locked or opened after the backup is not here: lock and unlock it again. `locks` shows them all later.\n';
  if (locks.length === 0) return ['\nThe log takes nothing to be locked beside that.\n', more];
  return [
    '\nWhat the log takes to be locked; compare it with what should be:\n',
    ...locks.map(heldLine(now)),
    '\n',
    more,
  ];
}

function heldLine(now: number): (held: HeldLock) => string {
  return (held) => {
    const { at, expiresAt, reason } = held.lock;
    const sentence = lockSentence({ ...held, lock: { ...held.lock, reason: '' } }).replace(/: $/, '');
    const over = isOver(held.lock, new Date(now).toISOString()) ? ', which is over' : '';
    return `  ${sentence} since ${at}: ${oneLine(reason)}${expiresAt === undefined ? '' : ` (until ${expiresAt}${over})`}\n`;
  };
}

/** What people typed must neither break the list nor steer the terminal. */
function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}

function targetLines({ targets }: Restored): readonly string[] {
  const lines = targets.flatMap(({ service, environment, current }) =>
    current === undefined
      ? []
      : [`  ${service} in ${environment}: ${shortSha(current.sha)} by ${current.deployment} since ${current.since}\n`],
  );
  return lines.length === 0 ? [] : ['\nWhat the log takes to run now; compare it with what does:\n', ...lines];
}

function strayLine({ stray }: Restored): string {
  if (stray === 0) return '';
  return `\nThe console still has ${counted(stray, 'message')} of deployments that the log does not know. Bring back the messages that were saved with the backup as well (docs/backup.md).\n`;
}
