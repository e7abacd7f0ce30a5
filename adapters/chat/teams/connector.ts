import type { Fence } from '../../../src/ports/fence.ts';
import type { Address, Member, OutgoingActivity } from './wire.ts';

/**
 * The calls we make to the Bot Connector. Each is made once: what may be repeated is repeated by whoever asked for it. Faults are
 * PortFailures; a failure of the fence comes through as it is.
 */
export interface Connector {
  /** A new message in a conversation: a reply where the id names a thread. Returns the message's id. */
  post(to: Address, activity: OutgoingActivity, how?: Sending): Promise<string>;
  /** A new root message in a channel. Returns its id. */
  begin(channel: Address, tenant: string, activity: OutgoingActivity, how?: Sending): Promise<string>;
  /** Changes a message in place. */
  update(at: Address, id: string, activity: OutgoingActivity, fence?: Fence): Promise<void>;
  /** Shown to one member only (`activity.recipient`). */
  target(to: Address, activity: OutgoingActivity, how?: Sending): Promise<void>;
  /** The conversation with one person alone; the same one each time. */
  direct(serviceUrl: string, tenant: string, user: string): Promise<string>;
  /** One member of a conversation, by `29:...` or by object id. */
  member(at: Address, user: string): Promise<Member>;
  /** Everybody in a conversation or team. */
  members(at: Address): Promise<readonly Member[]>;
}

export interface Sending {
  readonly fence?: Fence | undefined;
  /** Somebody waits for it: held back by nothing but Teams itself. */
  readonly urgent?: boolean;
}
