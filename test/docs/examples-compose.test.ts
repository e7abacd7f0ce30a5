import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { configurationParts } from '../../bin/parts.ts';
import { loadConfiguration } from '../../src/config/load.ts';
import { healthRoutes } from '../../src/http/health.ts';
import { EXAMPLES, faultsOf, ROOT, runTool, SLOW_MS, textOf } from './examples.ts';

interface Service {
  readonly image: string;
  readonly user?: string;
  readonly read_only?: boolean;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly secrets: readonly string[];
  readonly networks: readonly string[];
  readonly healthcheck: { readonly test: readonly string[] };
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
}

const INSTANCES = ['countersign-1', 'countersign-2', 'countersign-3'];
const compose = parse(textOf('docs', 'examples', 'compose.yaml'), { merge: true }) as Compose;
const configuration = textOf('docs', 'examples', 'config', 'countersign.yaml');
const dockerfile = textOf('docs', 'examples', 'Dockerfile');
const haproxy = textOf('docs', 'examples', 'haproxy.cfg');

const folder = mkdtempSync(join(tmpdir(), 'countersign-image-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('compose.yaml', () => {
  it('has three instances, a load balancer and a database, each with a health check', () => {
    expect(Object.keys(compose.services)).toEqual([...INSTANCES, 'balancer', 'database']);
    for (const [name, { healthcheck }] of Object.entries(compose.services))
      expect(healthcheck.test[0], name).toBe('CMD');
  });

  it('asks an instance under an address that there is', () => {
    const paths = healthRoutes(() => ({ ready: true, detail: '' })).map((route) => route.path);

    for (const name of INSTANCES) {
      const [, port, path] =
        /127\.0\.0\.1:(\d+)(\/\w+)/.exec(compose.services[name]?.healthcheck.test.at(-1) ?? '') ?? [];
      // Whether it is alive: one that is merely not ready (the database is away) must not be begun anew.
      expect({ port, path }).toEqual({ port: '4400', path: '/healthz' });
      expect(paths).toContain(path);
    }
  });

  it('lets instances write nowhere but in memory, as nobody special', () => {
    for (const name of INSTANCES) expect(compose.services[name]).toMatchObject({ user: '1000:1000', read_only: true });
  });

  it('lets nobody but the load balancer be reached, and the database only from inside', () => {
    const open = Object.entries(compose.services).filter(([, { ports }]) => ports !== undefined);

    expect(open.map(([name, { ports }]) => [name, ports])).toEqual([['balancer', ['443:8443']]]);
    expect(haproxy).toContain('bind :8443 ssl ');
    expect(compose.services['database']?.networks).toEqual(['inside']);
    expect(compose.networks['inside']).toEqual({ internal: true });
  });

  it('gives each service the secrets that it reads, and no other', () => {
    const read = (text: string) => [...new Set(text.match(/(?<=\/run\/secrets\/)\w+/g))].sort();
    const given = (name: string) => [...(compose.services[name]?.secrets ?? [])].sort();

    for (const name of INSTANCES) expect(given(name)).toEqual(read(configuration));
    expect(given('balancer')).toEqual(read(haproxy));
    expect(given('database')).toEqual(
      [...read(textOf('docs', 'examples', 'database.sql')), 'database_superuser_password'].sort(),
    );
    const all = Object.values(compose.services).flatMap(({ secrets }) => secrets);
    expect([...new Set(all)].sort()).toEqual(Object.keys(compose.secrets).sort());
  });

  it('mounts files that there are', () => {
    const mounted = Object.values(compose.services).flatMap(({ volumes = [] }) => volumes);
    const own = mounted.filter((one) => one.startsWith('./')).map((one) => one.split(':')[0] ?? '');

    expect(new Set(own)).toEqual(new Set(['./config', './haproxy.cfg', './database.sql']));
    for (const path of own) cpSync(join(EXAMPLES, path), join(folder, 'mounted', path), { recursive: true });
  });
});

describe('its configuration', () => {
  it('is without faults and warnings, and names a server by a file', () => {
    const loaded = loadConfiguration(configuration, 'countersign.yaml', configurationParts());

    expect(loaded).toMatchObject({ ok: true, warnings: [] });
    expect(loaded.ok && loaded.configuration).toMatchObject({
      database: 'file:/run/secrets/database_url',
      web: { host: '0.0.0.0', port: 4400 },
    });
  });
});

describe('the Dockerfile', () => {
  it('starts the programme with options that there are, as nobody special', { timeout: SLOW_MS }, async () => {
    const command = JSON.parse(/^CMD (.*)$/m.exec(dockerfile)?.[1] ?? '') as readonly string[];

    expect(await faultsOf(command.join(' '))).toEqual([]);
    expect(command).toContain('4400');
    expect(dockerfile).toMatch(/^EXPOSE 4400$/m);
    expect(dockerfile.indexOf('\nUSER node\n')).toBeGreaterThan(dockerfile.lastIndexOf('\nRUN '));
  });

  it('copies all that the programme needs', { timeout: SLOW_MS }, async () => {
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.*) (\S+)$/gm)].flatMap(([, from = '']) =>
      from.split(' '),
    );
    const allowed = textOf('docs', 'examples', 'Dockerfile.dockerignore').match(/(?<=^!).+/gm) ?? [];
    for (const path of new Set(copied)) cpSync(join(ROOT, path), join(folder, 'image', path), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'image', 'node_modules'));

    const { ok, text } = await runTool(
      process.execPath,
      ['bin/countersign.ts', 'config', 'check', '--file', join(EXAMPLES, 'config', 'countersign.yaml')],
      join(folder, 'image'),
    );

    expect(ok, text).toBe(true);
    expect(text).toContain('The configuration is good');
    expect([...new Set(copied)].sort()).toEqual([...allowed].sort());
  });
});
