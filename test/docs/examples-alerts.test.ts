import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { runTool, textOf, tool } from './examples.ts';
import { registered } from './registered.ts';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly remedy: string };
}

const promtool = tool('/usr/bin/promtool');
const rules = (parse(textOf('docs', 'examples', 'alerts.yaml')) as { groups: { rules: Rule[] }[] }).groups.flatMap(
  (group) => group.rules,
);

/** What Prometheus and its node_exporter bring. */
const FOREIGN = ['up', 'node_systemd_unit_state'];

describe('the alert rules', () => {
  it('ask only for metrics and labels that there are', async () => {
    const known = await registered();
    const series = new Map(known.flatMap(({ series: names, labels }) => names.map((name) => [name, labels] as const)));
    const unknown = rules.flatMap(({ alert, expr }) =>
      [...expr.matchAll(/\b(countersign_\w+|up|node_\w+)(?:\{([^}]*)\})?/g)].flatMap(([, name = '', filter = '']) => {
        if (FOREIGN.includes(name)) return [];
        const labels = series.get(name);
        if (labels === undefined) return [`${alert}: ${name}`];
        const asked = [...filter.matchAll(/(\w+)=~?"/g)].map(([, label = '']) => label);
        return asked.filter((label) => !labels.includes(label)).map((label) => `${alert}: ${name}{${label}}`);
      }),
    );

    expect(unknown).toEqual([]);
    expect(rules.filter(({ expr }) => expr.includes('countersign_')).length).toBeGreaterThan(10);
  });

  it('say each how bad it is, what happened and what to do', () => {
    for (const { alert, labels, annotations } of rules) {
      expect(labels.severity, alert).toMatch(/^(critical|warning)$/);
      expect(annotations.summary, alert).toMatch(/\.$/);
      expect(annotations.remedy, alert).toMatch(/\.$/);
    }
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
  });

  it('are each explained to operators', () => {
    const text = textOf('docs', 'operations.md');

    expect(rules.map(({ alert }) => alert).filter((alert) => !text.includes(`\`${alert}\``))).toEqual([]);
  });
});

describe.skipIf(promtool === undefined)('Prometheus itself (skipped where there is no promtool)', () => {
  it.each([
    ['reads the rules', ['check', 'rules', 'alerts.yaml']],
    ['fires them when it should, and not otherwise', ['test', 'rules', 'alerts.test.yaml']],
    ['reads the configuration', ['check', 'config', 'prometheus.yaml']],
  ])('%s', async (_what, args) => {
    const { ok, text } = await runTool(promtool ?? '', args);

    expect(ok, text).toBe(true);
    expect(text).toContain('SUCCESS');
  });
});
