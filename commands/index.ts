import type { Inbox } from '../src/ports/chat.ts';
import { approve } from './approve.ts';
import { away } from './away.ts';
import { back } from './back.ts';
import { breakGlass } from './break-glass.ts';
import { cancel } from './cancel.ts';
import { diff } from './diff.ts';
import { dora } from './dora.ts';
import { envs } from './envs.ts';
import { evidence } from './evidence.ts';
import { freeze } from './freeze.ts';
import { help } from './help.ts';
import { history } from './history.ts';
import { home } from './home.ts';
import { hotfix } from './hotfix.ts';
import { link } from './link.ts';
import { list } from './list.ts';
import { lock } from './lock.ts';
import { locks } from './locks.ts';
import { logs } from './logs.ts';
import { nudge } from './nudge.ts';
import { prefs } from './prefs.ts';
import { refs } from './refs.ts';
import { reject } from './reject.ts';
import { retry } from './retry.ts';
import { review } from './review.ts';
import { reviews } from './reviews.ts';
import { rollback } from './rollback.ts';
import { run } from './run.ts';
import { services } from './services.ts';
import { type InboxParts, inboxOver } from './shared/inbox.ts';
import type { CommandSpec } from './shared/spec.ts';
import { status } from './status.ts';
import { steal } from './steal.ts';
import { subscribe } from './subscribe.ts';
import { subscriptions } from './subscriptions.ts';
import { train } from './train.ts';
import { unfreeze } from './unfreeze.ts';
import { unlink } from './unlink.ts';
import { unlock } from './unlock.ts';
import { unsubscribe } from './unsubscribe.ts';
import { whoami } from './whoami.ts';
import { why } from './why.ts';

/** Every command, in the order of the help. One file each, one line here. */
export const commands: readonly CommandSpec[] = [
  run,
  hotfix,
  train,
  rollback,
  retry,
  cancel,
  approve,
  reject,
  nudge,
  breakGlass,
  home,
  review,
  reviews,
  why,
  list,
  status,
  history,
  diff,
  logs,
  services,
  envs,
  refs,
  dora,
  evidence,
  whoami,
  prefs,
  link,
  unlink,
  away,
  back,
  help,
  lock,
  unlock,
  steal,
  freeze,
  unfreeze,
  locks,
  subscribe,
  unsubscribe,
  subscriptions,
];

/** The one way in for every chat platform. */
export function createInbox(parts: InboxParts): Inbox {
  return inboxOver(commands, parts);
}
