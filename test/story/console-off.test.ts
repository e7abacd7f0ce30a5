import { afterEach, expect, test } from 'vitest';
import { PLATFORMS } from './chats.ts';
import { DEPLOYS } from './hands.ts';
import { openStage, type Stage } from './stage.ts';
import { asked } from './steps.ts';

let stage: Stage;
afterEach(() => stage.close());

test.each(PLATFORMS)('beside $name alone no page is served, takes a command, or is linked to', async ({ chats }) => {
  stage = await openStage({ chats });
  const id = await asked(stage);
  const { url } = stage.program();

  const card = await stage.card(id, DEPLOYS, 'Needs approval');
  const pages = await Promise.all(['/', '/deployments', `/deployments/${id}`].map((path) => fetch(`${url}${path}`)));
  const command = await fetch(`${url}/console/say`, { method: 'POST', headers: { origin: url }, body: 'text=list' });

  expect(pages.map(({ status }) => status)).toEqual([404, 404, 404]);
  expect(command.status).toBe(404);
  expect(card.raw()).not.toContain(`/deployments/${id}`);
});
