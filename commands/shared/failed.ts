import { randomBytes } from 'node:crypto';
import { refusal } from '../../src/domain/refusal.ts';
import type { Incoming, Reply } from '../../src/ports/chat.ts';
import { PortFailure } from '../../src/ports/failure.ts';
import type { Log } from '../../src/ports/log.ts';
import { refused } from './answers.ts';

/** Their fault or ours: either way the person hears what is the matter, and whether anything was done. */
export function failed(log: Log, incoming: Incoming, error: unknown): Reply {
  const reference = randomBytes(4).toString('hex');
  const { chat } = incoming.place;
  if (error instanceof PortFailure && error.details.port === 'store') {
    log.error({ error, reference, chat }, 'The log could not be read or written.');
    return refused(
      [
        refusal(
          'log-unwritable',
          `The log cannot be used, so nothing was done: ${error.message}`,
          'Try again in a minute; if it stays, tell an operator.',
        ),
      ],
      { reference },
    );
  }
  if (error instanceof PortFailure) {
    log.warn({ error, reference, chat }, 'An outside system failed during a command.');
    return refused([refusal('try-again', `${error.message}`, 'Try again in a minute.')], { reference });
  }
  log.error({ error, reference, chat }, 'A command failed because of a fault of ours.');
  return refused(
    [
      refusal(
        'internal-fault',
        'Something went wrong here; it is our fault, not yours.',
        `Tell an operator the reference ${reference}. \`list\` shows whether it was done.`,
      ),
    ],
    { reference },
  );
}
