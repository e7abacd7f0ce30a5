import { PortFailure } from '../../../src/ports/failure.ts';
import type { Spot } from './activity.ts';
import type { References } from './book.ts';
import type { Connector, Sending } from './connector.ts';
import type { Address, OutgoingActivity } from './wire.ts';

/** Somebody to be told something privately. */
export interface Addressee {
  readonly tenant: string;
  /** The bot's own id of the person; absent while Teams has not told of it. */
  readonly user?: string;
  readonly aad?: string;
}

/** Ways to put a message before people. Members throw PortFailures, and what a fence throws. */
export interface Mail {
  post(to: Address, activity: OutgoingActivity, how?: Sending): Promise<string>;
  /** Where the person is, so that nobody else sees it; else, and without a place, in the conversation with the person alone. */
  whisper(
    to: Addressee,
    activity: OutgoingActivity,
    where?: Pick<Spot, 'conversation' | 'serviceUrl' | 'scope'>,
    how?: Sending,
  ): Promise<void>;
}

/** The connector that serves a place or, without one, a tenant. */
export type Reach = (of: { readonly tenant: string; readonly channel?: string }) => string;

export function createMail(connector: Connector, references: References, reach: Reach): Mail {
  async function direct({ tenant, user, aad }: Addressee): Promise<Address> {
    const serviceUrl = reach({ tenant });
    const known = aad === undefined ? undefined : references.person(aad);
    if (known?.direct !== undefined) return { serviceUrl, conversation: known.direct };
    const conversation = await connector.direct(serviceUrl, tenant, user ?? known?.user ?? aad ?? '');
    const place = { conversation, scope: 'personal' as const, tenant, serviceUrl };
    await references.learn({ place, ...(known === undefined ? {} : { person: { ...known, direct: conversation } }) });
    return { serviceUrl, conversation };
  }

  return {
    post: connector.post,
    async whisper(to, activity, where, how) {
      // In a direct conversation nobody else listens.
      if (where?.scope === 'personal') return void (await connector.post(where, activity, how));
      if (where !== undefined && to.user !== undefined) {
        try {
          const recipient = { id: to.user, isTargeted: true } as const;
          return await connector.target(where, { ...activity, recipient }, how);
        } catch (error) {
          if (!cannotBeToldThere(error)) throw error;
        }
      }
      await connector.post(await direct(to), activity, how);
    },
  };
}

/** Failures after which another way must be found: it was certainly not said, and never will be there. */
export function cannotBeToldThere(error: unknown): boolean {
  return error instanceof PortFailure && !error.details.retryable && error.details.inDoubt !== true;
}
