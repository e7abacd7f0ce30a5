import { EMPTY, seal } from '../../src/domain/audit.ts';
import { type Deployment, isOpen } from '../../src/domain/deployment.ts';
import { type DeploymentEvent, deploymentStream } from '../../src/domain/event.ts';
import { evolve } from '../../src/domain/machine.ts';
import type { Person } from '../../src/domain/person.ts';

/** Stands for the number of the deployment, wherever a text of it names it. */
export const NUMBER = 987_654_321;

/** Stands for the time of an entry. */
function timeMark(step: number): string {
  return `2001-02-03T04:05:0${step}.678Z`;
}

type Fill = (number: number, times: readonly string[]) => string;

interface Template {
  readonly entries: readonly { readonly type: string; readonly fill: Fill }[];
  readonly row: {
    readonly service: string;
    readonly environment: string;
    readonly state: Deployment['state'];
    readonly open: boolean;
    readonly ended: boolean;
    readonly run: boolean;
    readonly sha: string | null;
    readonly doc: Fill;
  };
}

interface TemplateWish {
  readonly service: string;
  readonly environment: string;
  readonly requester: Person;
  /** After the request. */
  readonly events: readonly DeploymentEvent[];
}

/** A whole deployment made by the real machine once, to be printed with many numbers and times. */
export function templateOf({ service, environment, requester, events }: TemplateWish): Template {
  const names = { number: NUMBER, token: `token-${NUMBER}`, kind: 'regular', service, environment } as const;
  const first: DeploymentEvent = { type: 'requested', request: { ...names, ref: 'main', requester } };
  const all = [first, ...events];
  const stream = deploymentStream(`D-${NUMBER}`);
  let row: Deployment | undefined;
  for (const [step, event] of all.entries()) row = evolve(row, event, timeMark(step), requester);
  if (row === undefined) throw new TypeError('a deployment without events');
  const entries = all.map((event, step) => {
    const { text } = seal(EMPTY, { stream, event, by: requester, at: timeMark(step) }, step + 1);
    return { type: event.type, fill: printer(text) };
  });
  return {
    entries,
    row: {
      service,
      environment,
      state: row.state,
      open: isOpen(row),
      ended: row.endedAt !== undefined,
      run: row.run !== undefined,
      sha: row.findings?.sha ?? null,
      doc: printer(JSON.stringify(row)),
    },
  };
}

const MARKS = new RegExp(`${NUMBER}|2001-02-03T04:05:0\\d\\.678Z`, 'g');

/** Cut once where something is to be put in, so that printing is only joining. */
function printer(text: string): Fill {
  const pieces = text.split(MARKS);
  const marks = [...text.matchAll(MARKS)].map(([mark]) => (mark === String(NUMBER) ? 'number' : Number(mark[18])));
  return (number, times) => {
    let printed = pieces[0] ?? '';
    for (const [index, mark] of marks.entries()) {
      printed += mark === 'number' ? number : times[mark];
      printed += pieces[index + 1] ?? '';
    }
    return printed;
  };
}
