import { type Announcement, note } from '../../../src/domain/announcement.ts';
import { inputOfField } from '../../../src/domain/inputs.ts';
import type { Refusal } from '../../../src/domain/refusal.ts';
import { refusal } from '../../../src/domain/refusal.ts';
import type { Reply } from '../../../src/ports/chat.ts';

/** The faults of a form that is already closed. */
export function mendNote(errors: Readonly<Record<string, string>>): Announcement {
  const all = Object.entries(errors).map(([field, fault]) => [
    { kind: 'strong', text: inputOfField(field) ?? field } as const,
    `: ${fault}`,
  ]);
  const sentence = 'The request was not made; some fields need mending.';
  return note('bad', [sentence], `${sentence} ${Object.values(errors).join(' ')}`, all);
}

/** A no of the adapter itself, for the one who acted. */
export function refusalReply({ sentence, next }: Pick<Refusal, 'sentence' | 'next'>): Reply {
  return { kind: 'say', visibility: 'private', announcement: note('bad', [sentence], `${sentence} ${next}`, [[next]]) };
}

/** What is said when handing a delivery over failed by a fault of ours. */
export function ownFault(key: string): Reply {
  return refusalReply(
    refusal(
      'internal-fault',
      'Something went wrong on our side; nothing is known to have changed.',
      `Look before you try again. Reference: ${key}.`,
    ),
  );
}
