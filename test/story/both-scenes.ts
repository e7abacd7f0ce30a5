import { expect } from 'vitest';
import { type Deployment, type State, stateWords } from '../../src/domain/deployment.ts';
import { until } from '../support/until.ts';
import { ANNA, CLEO, DEPLOYS, type Hands } from './hands.ts';
import { openStage, type Stage, type StageWish } from './stage.ts';

export type ChatId = Hands['id'];

/** Slack first and Teams first: whatever is done in one is done in the other as well. */
export const WAYS = [
  ['slack', 'teams'],
  ['teams', 'slack'],
] as const satisfies readonly (readonly [ChatId, ChatId])[];

/** How soon every card everywhere must show the same, in milliseconds. */
export const SOON_MS = 2000;

/** One deployment in both chats. */
export function openBoth(wish: Omit<StageWish, 'chats'> = {}): Promise<Stage> {
  return openStage({ ...wish, chats: ['slack-socket', 'teams'] });
}

/** Waits until the engineers' cards of both chats show the state that the store holds. Returns how long after the change, in milliseconds. */
export async function shownInBoth(stage: Stage, id: string, ...states: readonly State[]): Promise<number> {
  const { state, since } = await stage.reaches(id, ...states);
  const { word } = stateWords(state);
  await Promise.all(WAYS.map(([chat]) => stage.in(chat).card(id, DEPLOYS, `${word}: web to production`)));
  return Date.now() - Date.parse(since);
}

/** The same for the page of the deployment at the console. */
export async function shownOnPage(stage: Stage, id: string, ...states: readonly State[]): Promise<number> {
  const { state, since } = await stage.reaches(id, ...states);
  const { word } = stateWords(state);
  for (const path of [`/deployments/${id}`, '/?channel=%23deploys']) {
    await until(`${path} to show "${word}"`, async () => {
      const page = await fetch(`${stage.program().url}${path}`);
      return (await page.text()).includes(`</svg>${word}</span>`);
    });
  }
  return Date.now() - Date.parse(since);
}

/** Anna asks in one chat, and both show it. */
export async function askedIn(stage: Stage, chat: ChatId, reason = 'Faster checkout'): Promise<string> {
  const known = (await stage.program().store.deployments({ limit: 1000 })).length;
  await stage.in(chat).hands.ask(ANNA, DEPLOYS, `web prod --reason "${reason}"`);
  const id = `D-${known + 1}`;
  await shownInBoth(stage, id, 'awaiting-approval');
  return id;
}

/** Cleo approves in one chat; the run is under way. */
export async function approvedIn(stage: Stage, chat: ChatId, id: string): Promise<Deployment> {
  const { hands, card } = stage.in(chat);
  await hands.press(CLEO, await card(id, DEPLOYS, 'Needs approval'), 'approve');
  return stage.reaches(id, 'running');
}

/** Types of the events of a deployment, in order. */
export async function eventsOf(stage: Stage, id: string): Promise<readonly string[]> {
  const entries = await stage.program().store.entries({ stream: `deployment:${id}`, limit: 1000 });
  return entries.map(({ event }) => event.type);
}

/** What each platform would not have taken, and what the programme complained of. */
export function expectNoComplaint(stage: Stage): void {
  for (const [chat] of WAYS) expect(stage.in(chat).hands.violations()).toEqual([]);
  expect(stage.complaints).toEqual([]);
}
