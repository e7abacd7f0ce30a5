import { type Announcement, note, type Tone } from '../announcement.ts';
import { shortSha } from '../change-set.ts';
import type { OutsideRun, Spot } from '../outside.ts';
import { type RunState, runEnded } from '../run.ts';
import { plain, type Text } from '../text.ts';
import { summary } from './context.ts';

/** A provider's state in words that stand alone. */
const WORDS: Readonly<Record<RunState, string>> = {
  queued: 'waits for a runner',
  running: 'is running',
  waiting: 'waits at the provider',
  succeeded: 'succeeded',
  failed: 'failed',
  cancelled: 'was cancelled',
  'timed-out': 'took too long',
  unknown: 'is in a state that is not known here',
};

/** That something was run for targets without anybody having asked here: one message, edited when the run has ended. */
export function outsideCard(outside: OutsideRun, spots: readonly Spot[]): Announcement {
  const { run, workflow, actor, sha, state } = outside;
  const names = spots.map(({ service, environment }) => `${service} → ${environment}`).join(', ');
  const title: Text = [`Started outside Countersign · ${names} · ${shortSha(sha)}`];
  const said: Text = [
    `${actor} started `,
    { kind: 'code', text: workflow },
    ` at the provider${spots.length > 1 ? ', which serves each of these targets' : ''}; the run ${WORDS[state]}.`,
  ];
  const warning: Text = [
    'Nobody countersigned it here, and what Countersign says of these targets may no longer be what runs there.',
  ];
  const words = `Started outside Countersign: ${names}. ${plain(said)}`;
  const links = run.url === undefined ? [] : [{ label: 'Open Run', url: run.url }];
  return { ...note(toneOf(state), title, summary(words), [said, warning]), links };
}

/** Even when it went well it went past everybody. */
function toneOf(state: RunState): Tone {
  if (!runEnded(state)) return 'active';
  return state === 'succeeded' ? 'waiting' : 'bad';
}
