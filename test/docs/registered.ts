import { createMetrics } from '../../src/http/metrics.ts';

/** A metric as Prometheus gets to see it. */
export interface Registered {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly labels: readonly string[];
  /** Names of its series: a histogram has three. */
  readonly series: readonly string[];
}

/** Every metric of the programme, with its labels, as `/metrics` shows them once each has been used. */
export async function registered(): Promise<readonly Registered[]> {
  const { metrics, route } = createMetrics({
    version: '1.2.3',
    configuration: () => 'abc',
    ready: async () => true,
    open: async () => ({}),
    overdueMs: async () => 0,
    providers: () => new Map([['ci', false]]),
  });
  metrics.served('GET', 200, 1);
  metrics.performed('card', 'done', 1);
  if (!('handle' in route)) throw new Error('/metrics is no route of the fetch style');
  const text = await (await route.handle(new Request('http://localhost/metrics'))).text();
  return text.split(/(?=^# HELP )/m).map((block) => {
    const [, name = '', help = ''] = /^# HELP (\S+) (.*)$/m.exec(block) ?? [];
    const type = /^# TYPE \S+ (\w+)$/m.exec(block)?.[1] ?? '';
    const labels = new Set([...block.matchAll(/[{,](\w+)="/g)].map(([, label = '']) => label));
    if (type === 'histogram') labels.delete('le');
    const series = type === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => name + end) : [name];
    return { name, type, help, labels: [...labels], series };
  });
}
