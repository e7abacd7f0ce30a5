import { STATE_NAMES, STATES, type State } from '../../src/domain/deployment.ts';
import { type FakeMessage, latest } from '../fakes/slack/world.ts';

/** Our key in a message's metadata; empty for messages without one. */
export function keyOf({ metadata }: FakeMessage): string {
  const payload = metadata?.['event_payload'] as { readonly key?: unknown } | undefined;
  return typeof payload?.key === 'string' ? payload.key : '';
}

/** The deployment whose root message this is. */
export function deploymentOf(message: FakeMessage): string | undefined {
  return /^card:(D-\d+)@/.exec(keyOf(message))?.[1];
}

/** The state that an engineers' card shows, by the word at its head. */
export function stateShown(message: FakeMessage): State | undefined {
  const [word] = latest(message).text.split(':');
  return STATE_NAMES.find((name) => STATES[name].word === word);
}
