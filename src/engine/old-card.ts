import type { Decision } from '../domain/decide.ts';
import type { Deployment } from '../domain/deployment.ts';
import { type AnyEvent, deploymentStream } from '../domain/event.ts';
import { type Person, sameHuman } from '../domain/person.ts';
import type { Kit } from './kit.ts';

/** More entries than a request gathers while it waits for approval. */
const MOST_ENTRIES = 10_000;

/** Approve on an old card is written down once for each person and question: pressed again and again, it fills no log. */
export async function notedOnce(kit: Kit, before: Deployment, by: Person, decision: Decision): Promise<Decision> {
  if (decision.kind !== 'refused' || !decision.events.some(isOldCard)) return decision;
  const entries = await kit.store.entries({ stream: deploymentStream(before.id), limit: MOST_ENTRIES });
  const asked = entries.findLastIndex(({ event }) => event.type === 'approval-asked');
  const noted = entries.slice(asked + 1).some((entry) => isOldCard(entry.event) && sameHuman(entry.by, by));
  return noted ? { ...decision, events: [] } : decision;
}

function isOldCard(event: AnyEvent): boolean {
  return (
    event.type === 'approval-denied' &&
    event.wish === undefined &&
    event.refusals.some(({ code }) => code === 'request-changed')
  );
}
