import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { OPEN_STATES, type State } from '../domain/deployment.ts';
import { EFFECT_KINDS, type Effect } from '../domain/effect.ts';
import type { Route } from '../ports/http.ts';
import type { Committed } from '../ports/store.ts';

/** What the programme counts about itself. Every member is cheap and never throws. */
export interface Metrics {
  /** A change was offered to the log; `failed` when the log could not be written. */
  committed(outcome: Committed['kind'] | 'failed'): void;
  /** An attempt at an effect ended. */
  performed(kind: Effect['kind'], outcome: 'done' | 'later' | 'given-up', tookMs: number): void;
  /** A web request was answered. */
  served(method: string, status: number, tookMs: number): void;
}

/** Deployments that are in one state. */
export interface InState {
  readonly count: number;
  /** How long the one has been in it that came first, in milliseconds. */
  readonly longestMs: number;
}

/** What is asked at each scrape. A member that rejects leaves its metric out of that scrape. */
export interface Vitals {
  readonly version: string;
  /** Which configuration is in force, as this instance knows; the beginning of its version. */
  configuration(): string;
  ready(): Promise<boolean>;
  /** Deployments under way, by state. */
  open(): Promise<Readonly<Partial<Record<State, InState>>>>;
  /** How long the oldest work that is due has waited for somebody to take it, in milliseconds; 0 when nothing is due. */
  overdueMs(): Promise<number>;
  /** Ids of the providers, and whether each is left alone now because it does not answer. */
  providers(): ReadonlyMap<string, boolean>;
}

export interface MetricsBook {
  readonly metrics: Metrics;
  /** `GET /metrics` in the Prometheus text format. */
  readonly route: Route;
}

const REQUEST_BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3];
/** All of them are there from the start with zero: an alert on a rise does not see the first of a series that begins at one. */
const OUTCOMES: Readonly<Record<Committed['kind'] | 'failed', true>> = {
  committed: true,
  conflict: true,
  occupied: true,
  duplicate: true,
  failed: true,
};
const EFFECT_BUCKETS_S = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** The metrics of one instance. */
export function createMetrics(vitals: Vitals): MetricsBook {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'countersign_' });
  instanceGauges(registry, vitals);
  stateGauges(registry, vitals);
  providerGauges(registry, vitals);
  const route: Route = {
    method: 'GET',
    path: '/metrics',
    handle: async () => new Response(await registry.metrics(), { headers: { 'content-type': registry.contentType } }),
  };
  return { metrics: { ...coreMetrics(registry), ...webMetrics(registry) }, route };
}

function coreMetrics(registry: Registry): Pick<Metrics, 'committed' | 'performed'> {
  const commits = new Counter({
    name: 'countersign_commits_total',
    help: 'Changes offered to the log, by outcome.',
    labelNames: ['outcome'],
    registers: [registry],
  });
  const effects = new Histogram({
    name: 'countersign_effect_seconds',
    help: 'Attempts at effects and how long they took, by kind and outcome.',
    labelNames: ['kind', 'outcome'],
    buckets: EFFECT_BUCKETS_S,
    registers: [registry],
  });
  for (const outcome of Object.keys(OUTCOMES)) commits.inc({ outcome }, 0);
  for (const kind of EFFECT_KINDS) effects.zero({ kind, outcome: 'given-up' });
  return {
    committed: (outcome) => commits.inc({ outcome }),
    performed: (kind, outcome, tookMs) => effects.observe({ kind, outcome }, seconds(tookMs)),
  };
}

function webMetrics(registry: Registry): Pick<Metrics, 'served'> {
  const requests = new Histogram({
    name: 'countersign_http_request_seconds',
    help: 'Web requests and how long they took, by method and class of status.',
    labelNames: ['method', 'status'],
    buckets: REQUEST_BUCKETS_S,
    registers: [registry],
  });
  return {
    served: (method, status, tookMs) =>
      requests.observe({ method, status: `${Math.floor(status / 100)}xx` }, seconds(tookMs)),
  };
}

function providerGauges(registry: Registry, { providers }: Vitals): void {
  new Gauge({
    name: 'countersign_provider_down',
    help: '1 while this instance leaves a provider alone because it does not answer, 0 while it answers.',
    labelNames: ['provider'],
    registers: [registry],
    collect() {
      for (const [provider, down] of providers()) this.set({ provider }, down ? 1 : 0);
    },
  });
}

function instanceGauges(registry: Registry, { version, configuration, ready, overdueMs }: Vitals): void {
  new Gauge({
    name: 'countersign_build_info',
    help: 'Always 1; the label names the version that runs.',
    labelNames: ['version'],
    registers: [registry],
  }).set({ version }, 1);
  new Gauge({
    name: 'countersign_configuration_info',
    help: 'Always 1; the label names the configuration in force, which is the same on every instance.',
    labelNames: ['version'],
    registers: [registry],
    collect() {
      this.reset();
      this.set({ version: configuration() }, 1);
    },
  });
  new Gauge({
    name: 'countersign_ready',
    help: '1 when this instance can work, 0 when it cannot, as /readyz says.',
    registers: [registry],
    async collect() {
      this.set((await ready().catch(() => false)) ? 1 : 0);
    },
  });
  new Gauge({
    name: 'countersign_overdue_seconds',
    help: 'How long the oldest work that is due (an effect or a wake-up, of all instances) has waited to be taken.',
    registers: [registry],
    async collect() {
      const overdue = await overdueMs().catch(() => undefined);
      // Where nothing is known, nothing is said: a zero would read as all is well.
      if (overdue === undefined) this.remove();
      else this.set(seconds(overdue));
    },
  });
}

function stateGauges(registry: Registry, { open }: Vitals): void {
  let asked: ReturnType<Vitals['open']> | undefined;
  // Both gauges are collected at the same time: one question serves them.
  const once = () => {
    asked ??= open().finally(() => {
      asked = undefined;
    });
    return asked;
  };
  const gauge = (name: string, help: string, reading: (found: InState | undefined) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['state'],
      registers: [registry],
      async collect() {
        const found = await once().catch(() => undefined);
        if (found === undefined) this.reset();
        else for (const state of OPEN_STATES) this.set({ state }, reading(found[state]));
      },
    });
  gauge(
    'countersign_open_deployments',
    'Deployments under way, by state; the same on every instance.',
    (found) => found?.count ?? 0,
  );
  gauge(
    'countersign_open_deployment_longest_seconds',
    'How long the deployment that has been in a state for longest has been in it; the same on every instance.',
    (found) => seconds(found?.longestMs ?? 0),
  );
}

/** A clock that was set back must not make a negative duration. */
function seconds(milliseconds: number): number {
  return Math.max(0, milliseconds) / 1000;
}
