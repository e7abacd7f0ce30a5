import type { Inbox } from '../src/ports/chat.ts';
import { approve } from './approve.ts';
import { cancel } from './cancel.ts';
import { diff } from './diff.ts';
import { envs } from './envs.ts';
import { help } from './help.ts';
import { history } from './history.ts';
import { link } from './link.ts';
import { list } from './list.ts';
import { lock } from './lock.ts';
import { logs } from './logs.ts';
import { nudge } from './nudge.ts';
import { refs } from './refs.ts';
import { reject } from './reject.ts';
import { retry } from './retry.ts';
import { rollback } from './rollback.ts';
import { run } from './run.ts';
import { services } from './services.ts';
import { type InboxParts, inboxOver } from './shared/inbox.ts';
import type { CommandSpec } from './shared/spec.ts';
import { status } from './status.ts';
import { subscribe } from './subscribe.ts';
import { subscriptions } from './subscriptions.ts';
import { unlink } from './unlink.ts';
import { unlock } from './unlock.ts';
import { unsubscribe } from './unsubscribe.ts';
import { whoami } from './whoami.ts';

/** Every command, in the order of the help. One file each, one line here. */
export const commands: readonly CommandSpec[] = [
  run,
  rollback,
  retry,
  cancel,
  approve,
  reject,
  nudge,
  list,
  status,
  history,
  diff,
  logs,
  services,
  envs,
  refs,
  whoami,
  link,
  unlink,
  help,
  lock,
  unlock,
  subscribe,
  unsubscribe,
  subscriptions,
];

/** The one way in for every chat platform. */
export function createInbox(parts: InboxParts): Inbox {
  return inboxOver(commands, parts);
}
