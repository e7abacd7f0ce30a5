import { z } from 'zod';
import type { Question } from '../../../src/domain/announcement.ts';
import type { Input } from '../../../src/ports/chat.ts';

/** What travels with every action of ours and comes back at the press, to whichever instance gets it. Nothing of it is trusted. */
export interface PressData {
  /** A button's verb, or `refresh` when a client asks for the card anew. */
  readonly verb: string;
  /** The button's value; for `refresh` the key of the message. */
  readonly value: string;
  /** The words of the dialog that asks before the verb is done; only shown, never decided by. */
  readonly ask?: Question;
}

const pressed = z.object({
  cs: z.object({
    verb: z.string().max(40),
    value: z.string().max(2000),
    ask: z
      .object({
        title: z.string(),
        label: z.string(),
        submit: z.string(),
        maxLength: z.number(),
        required: z.boolean(),
      })
      .optional(),
  }),
});

/** Field of the words that a dialog asked for, in what a client sends back. */
export const ANSWER = 'answer';

/** The data of an action. `dialog`: the press opens a dialog instead of being done. */
export function pressData(data: PressData, dialog = false): Readonly<Record<string, unknown>> {
  return { ...(dialog ? { msteams: { type: 'task/fetch' } } : {}), cs: data };
}

/** A press of ours as it came back, with the words that a dialog asked for. */
export type Pressed = PressData & { readonly answer?: string };

/** The same for the inbox. */
export function inputOf({ verb, value, answer }: Pressed): Input {
  return { kind: 'button', verb, value, ...(answer === undefined ? {} : { answer }) };
}

/** What a client sent back, if it is a press of ours. */
export function readPress(data: unknown): Pressed | undefined {
  const read = pressed.safeParse(data);
  if (!read.success) return undefined;
  const { verb, value, ask } = read.data.cs;
  const answer = (data as Readonly<Record<string, unknown>>)[ANSWER];
  return {
    verb,
    value,
    ...(ask === undefined ? {} : { ask }),
    ...(typeof answer === 'string' ? { answer } : {}),
  };
}
