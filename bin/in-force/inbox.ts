import { refused } from '../../commands/shared/answers.ts';
import { refusal } from '../../src/domain/refusal.ts';
import type { Inbox } from '../../src/ports/chat.ts';
import type { InForce } from './index.ts';

/** The way in, closed while this instance stands aside: what it would decide, it would decide under a former configuration. */
export function unlessAside(inbox: Inbox, inForce: Pick<InForce, 'report'>): Inbox {
  return {
    ...inbox,
    async receive(incoming) {
      const { aside } = inForce.report();
      if (aside === undefined) return inbox.receive(incoming);
      return refused([
        refusal(
          'try-again',
          `Nothing was done, because this instance stands aside: ${aside}.`,
          'Try again: another instance answers. If none does, tell an operator.',
        ),
      ]);
    },
  };
}
