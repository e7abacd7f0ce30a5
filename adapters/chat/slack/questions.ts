import { type Announcement, BUTTON_VERBS, type Question } from '../../../src/domain/announcement.ts';

/** The words of a button's question, for the moment it is pressed. */
export interface Questions {
  /** Remembers the words of what is shown just now. */
  learn(announcement: Announcement): void;
  of(verb: string): Question;
}

/** For buttons that an earlier life of this process put there. Whether words are really needed is the inbox's business. */
const GENERAL: Question = {
  title: 'Please say why',
  label: 'Reason',
  submit: 'Send',
  maxLength: 500,
  required: true,
};

/** The last words seen for each verb. Slack brings back only the verb and the value, and neither is trusted with words. */
export function createQuestions(): Questions {
  const words = new Map<string, Question>();
  return {
    learn: ({ buttons }) => {
      for (const { verb, ask } of buttons) if (ask !== undefined) words.set(verb, ask);
    },
    of: (verb) => words.get(verb) ?? GENERAL,
  };
}

export function isButtonVerb(verb: string): boolean {
  return (BUTTON_VERBS as readonly string[]).includes(verb);
}
