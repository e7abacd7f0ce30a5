import { expect } from 'vitest';
import type { State } from '../../src/domain/deployment.ts';
import { addCommit } from '../fakes/github/world.ts';
import { until } from '../support/until.ts';
import { BOTH, type Chats, PLATFORMS } from './chats.ts';
import { handClock } from './hand-clock.ts';
import { ANNA, DEPLOYS, type Message, type Who } from './hands.ts';
import { openStage, type Stage, type StageWish } from './stage.ts';
import { launched } from './steps.ts';
import type { View } from './view.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** For stories of several deployments on a machine that has much else to do, in milliseconds. */
export const SLOW_MS = 60_000;

/** Each chat alone, and both together: then it is asked for in one and decided in the other. */
export const ROADS: readonly Chats[] = [...PLATFORMS, BOTH];

/** A stage whose clock is put forward by hand, with the console beside the chats. */
export function openGoverned(wish: StageWish): Promise<Stage> {
  return openStage({ clock: handClock(), console: true, ...wish });
}

/** Where approvers are: in the last of the chats. */
export function there(stage: Stage, { chats }: Chats): View {
  return stage.in(chats.at(-1) === 'teams' ? 'teams' : 'slack');
}

/** Asks in #deploys, and waits until the new request is in one of these states. */
export async function wished(
  stage: Stage,
  line: string,
  states: readonly State[] = ['awaiting-approval'],
  who: Who = ANNA,
): Promise<string> {
  const known = (await stage.program().store.deployments({ limit: 1000 })).length;
  await stage.hands.ask(who, DEPLOYS, line);
  const id = `D-${known + 1}`;
  await stage.reaches(id, ...states);
  return id;
}

/** Presses Approve on the card, and is told so. */
export async function signs(view: View, who: Who, id: string): Promise<Message> {
  const card = await view.card(id, DEPLOYS, 'Needs approval');
  await until(`${who} to see Approve`, async () => (await card.buttons(who)).includes('Approve'));
  const answer = await view.told(who, () => view.hands.press(who, card, 'approve'));
  expect(answer.words()).toContain(`You have countersigned ${id}.`);
  return answer;
}

/** What somebody is told who types this. */
export async function answers(view: View, who: Who, line: string): Promise<string> {
  return (await view.told(who, () => view.hands.ask(who, DEPLOYS, line))).words();
}

/** The run of a deployment ends well. */
export async function arrives(stage: Stage, id: string): Promise<void> {
  await (await launched(stage, id)).succeed();
  await stage.reaches(id, 'succeeded');
}

/** There is something new to deploy. */
export function news(stage: Stage, message: string): string {
  return addCommit(stage.repository, { message });
}

/** A page of the console, once it holds these words. */
export async function page(stage: Stage, path: string, ...words: readonly string[]): Promise<string> {
  let shown = '';
  const look = async () => {
    shown = await (await fetch(`${stage.program().url}${path}`)).text();
    return words.every((word) => shown.includes(word)) && shown;
  };
  return until(`${path} to hold "${words.join('", "')}"`, look).catch((error: unknown) => {
    throw new Error(`${String(error)}; it shows: ${shown.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')}`);
  });
}

/** The record of a deployment as the console gives it to an auditor. */
export async function recordOf(stage: Stage, id: string): Promise<Readonly<Record<string, unknown>>> {
  const answer = await fetch(`${stage.program().url}/deployments/${id}/evidence.json`);
  return (await answer.json()) as Record<string, unknown>;
}

/** What was written down of a deployment, a review, a target or a person, in order. */
export async function written(stage: Stage, stream: string): Promise<readonly string[]> {
  const entries = await stage.program().store.entries({ stream: stream as `deployment:${string}`, limit: 1000 });
  return entries.map(({ event }) => event.type);
}

/** What the platforms would not have taken, and what the programme complained of: nothing. */
export function expectCalm(stage: Stage, { chats }: Chats): void {
  for (const chat of chats) {
    expect(stage.in(chat === 'teams' ? 'teams' : 'slack').hands.violations()).toEqual([]);
  }
  expect(stage.complaints).toEqual([]);
}
