import { STATE_NAMES, STATES, type State } from '../../src/domain/deployment.ts';
import type { Message } from '../story/hands.ts';

/** The deployment whose card or line this is, by its first sentence; that of news for the company names none. */
export function deploymentOf(message: Message): string | undefined {
  return message.under === undefined ? /^[^\n]*?\((D-\d+)\)\. /.exec(message.words())?.[1] : undefined;
}

/** The state that a card or a line shows, by the word at its head. */
export function stateShown(message: Message): State | undefined {
  return stateIn(message.words());
}

export function stateIn(words: string): State | undefined {
  const [word] = words.replace(/^(?:Rollback|Hotfix): /, '').split(':');
  return STATE_NAMES.find((name) => STATES[name].word === word);
}
