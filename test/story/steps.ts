import { until } from '../support/until.ts';
import { ANNA, CLEO, DEPLOYS } from './hands.ts';
import type { Stage } from './stage.ts';
import type { View } from './view.ts';

/** Anna asks in #deploys; the request waits for an approver. */
export async function asked(
  stage: Stage,
  line = 'web prod --reason "Faster checkout for everybody"',
  { hands }: Pick<View, 'hands'> = stage,
): Promise<string> {
  const known = (await stage.program().store.deployments({ limit: 1000 })).length;
  await hands.ask(ANNA, DEPLOYS, line);
  const rows = await until('the request', async () => {
    const found = await stage.program().store.deployments({ limit: 1000 });
    return found.length > known ? found : undefined;
  });
  const id = rows[0]?.id ?? '';
  await stage.reaches(id, 'awaiting-approval', 'queued', 'running');
  return id;
}

/** Cleo presses Approve on the card. */
export async function approved(stage: Stage, id: string, view: View = stage): Promise<void> {
  await view.hands.press(CLEO, await view.card(id, DEPLOYS, 'Needs approval'), 'approve');
  await stage.reaches(id, 'running');
}

/** The run of a deployment at GitHub, once it is known to us. */
export async function launched(stage: Stage, id: string) {
  const row = await until(`the run of ${id}`, async () => {
    const found = await stage.program().store.deployment(id);
    return found?.run === undefined ? undefined : found;
  });
  return stage.github.run(row.run?.id ?? '');
}

/** A whole deployment that goes well. */
export async function deployed(stage: Stage, line?: string): Promise<string> {
  const id = await asked(stage, line);
  await approved(stage, id);
  await (await launched(stage, id)).succeed();
  await stage.reaches(id, 'succeeded');
  return id;
}
