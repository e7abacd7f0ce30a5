import type { AnyEvent, Entry, Request } from '../../src/domain/event.ts';
import type { Person } from '../../src/domain/person.ts';
import { BOT } from '../../src/domain/person.ts';
import type { Plan } from '../../src/domain/plan.ts';
import { GROUPS } from './governance.ts';

/** Begins at noon; a step is a number of seconds after it. */
const NOON = Date.parse('2026-11-21T12:00:00.000Z');

export function at(seconds: number): string {
  return new Date(NOON + seconds * 1000).toISOString();
}

export function person(id: string): Person {
  return {
    id,
    name: id,
    known: true,
    accounts: [
      { system: 'slack', id: `U-${id}` },
      { system: 'github', id },
    ],
  };
}

/** A log written by hand, so that it may say what never happens. */
export interface LogMaker {
  readonly entries: readonly Entry[];
  /** Seconds after noon. */
  says(seconds: number, stream: string, event: AnyEvent, by?: string): void;
  /** A request with its rules asked for: one of platform and one of release. */
  asked(seconds: number, id: number, more?: Partial<Request>): void;
  signed(seconds: number, id: number, by: string, onBehalfOf?: string): void;
  queued(seconds: number, id: number): void;
  dispatched(seconds: number, id: number): void;
}

const PLAN: Plan = {
  machine: 1,
  service: 'web',
  environment: 'production',
  sha: 'a'.repeat(40),
  kind: 'regular',
  stages: [
    {
      kind: 'approval',
      rules: [
        { group: 'platform', count: 1 },
        { group: 'release', count: 1 },
      ] as never,
    },
  ],
  configuration: '',
  hash: '',
};

export function logMaker(): LogMaker {
  const entries: Entry[] = [];
  const says: LogMaker['says'] = (seconds, stream, event, by) => {
    const seq = entries.length + 1;
    const who = by === undefined ? BOT : person(by);
    const seal = { seq, version: seq, format: 1, previous: '', hash: '' };
    entries.push({ stream, event, by: who, at: at(seconds), ...seal } as Entry);
  };
  const ofDeployment = (seconds: number, id: number, event: AnyEvent, by?: string) =>
    says(seconds, `deployment:D-${id}`, event, by);
  return {
    entries,
    says,
    asked(seconds, id, more = {}) {
      const names = { number: id, token: `${id}`, kind: 'regular', service: 'web', environment: 'production' } as const;
      const request = { ...names, ref: 'main', requester: person('anna'), ...more };
      ofDeployment(seconds, id, { type: 'requested', request }, request.requester.id);
      const hands = [{ role: 'author', account: { system: 'github', id: 'ben' }, bot: false }];
      const changeSet = { commits: [{ sha: 'a', title: '', at: '', hands }] };
      ofDeployment(seconds, id, { type: 'findings-gathered', findings: { changeSet } } as never);
      ofDeployment(seconds, id, { type: 'approval-asked', plan: PLAN, expiresAt: at(3600) });
    },
    signed(seconds, id, by, onBehalfOf) {
      const behind = [by, ...(onBehalfOf === undefined ? [] : [onBehalfOf])];
      const groups = Object.keys(GROUPS).filter((group) => GROUPS[group]?.some((who) => behind.includes(who)));
      const lent = onBehalfOf === undefined ? {} : { onBehalfOf: person(onBehalfOf) };
      const through = { system: 'slack', id: `U-${by}` };
      const countersignature = { by: person(by), through, groups, at: at(seconds), binding: '', ...lent };
      ofDeployment(seconds, id, { type: 'countersigned', countersignature }, by);
    },
    queued: (seconds, id) => ofDeployment(seconds, id, { type: 'queued', plan: PLAN }),
    dispatched: (seconds, id) => ofDeployment(seconds, id, { type: 'dispatched' }),
  };
}
