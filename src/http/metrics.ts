import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { OPEN_STATES, type State } from '../domain/deployment.ts';
import type { Effect } from '../domain/effect.ts';
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

/** How many deployments are under way in each state; asked at each scrape. */
export type StateCounts = () => Promise<Readonly<Partial<Record<State, number>>>>;

export interface MetricsBook {
  readonly metrics: Metrics;
  /** `GET /metrics` in the Prometheus text format. */
  readonly route: Route;
}

const REQUEST_BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3];
const EFFECT_BUCKETS_S = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export function createMetrics(counts: StateCounts): MetricsBook {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'countersign_' });
  stateGauge(registry, counts);
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

function stateGauge(registry: Registry, counts: StateCounts): void {
  const gauge = new Gauge({
    name: 'countersign_open_deployments',
    help: 'Deployments under way, by state.',
    labelNames: ['state'],
    registers: [registry],
    async collect() {
      const found = await counts();
      for (const state of OPEN_STATES) gauge.set({ state }, found[state] ?? 0);
    },
  });
}

/** A clock that was set back must not make a negative duration. */
function seconds(milliseconds: number): number {
  return Math.max(0, milliseconds) / 1000;
}
