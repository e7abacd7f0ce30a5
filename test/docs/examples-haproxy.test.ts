import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { until } from '../support/until.ts';
import { runTool, textOf, tool } from './examples.ts';

const haproxy = tool('/usr/sbin/haproxy', '/usr/local/sbin/haproxy');
const written = textOf('docs', 'examples', 'haproxy.cfg');

/** Stands for an instance: it says who it is, and is ready or not. */
interface Instance {
  readonly server: Server;
  readonly port: number;
  readonly heard: string[];
  ready: boolean;
}

async function instance(name: string): Promise<Instance> {
  const heard: string[] = [];
  const server = createServer((request, response) => {
    if (request.url === '/readyz') return void response.writeHead(one.ready ? 200 : 503).end();
    heard.push(`${request.method} ${request.url} ${request.headers.host}`);
    // Dies before it answers.
    if (request.url === '/dies') return void request.socket.destroy();
    if (request.url !== '/events') return void response.end(name);
    // A stream that stays open: the first event must come through at once.
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('event: changed\n\n');
  });
  const port = await new Promise<number>((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
  );
  const one: Instance = { server, port, heard, ready: true };
  return one;
}

describe('haproxy.cfg', () => {
  it('sends to the instances of compose.yaml, at the port that they listen on', () => {
    const compose = textOf('docs', 'examples', 'compose.yaml');
    const servers = [...written.matchAll(/^ +server (\S+) (\S+):(\d+)$/gm)].map(([, name, host, port]) => [
      name,
      host,
      port,
    ]);

    expect(servers).toEqual([1, 2, 3].map((n) => [`countersign-${n}`, `countersign-${n}`, '4400']));
    for (const [name] of servers) expect(compose).toContain(`  ${name}: *instance`);
  });
});

describe.skipIf(haproxy === undefined)('HAProxy itself (skipped where there is no haproxy)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-haproxy-'));
  let instances: readonly Instance[] = [];
  let running: ChildProcess | undefined;
  let address = '';

  beforeAll(async () => {
    instances = [await instance('one'), await instance('two'), await instance('three')];
    const port = await freePort();
    address = `http://127.0.0.1:${port}`;
    // Without TLS and the names of containers, which this machine does not have; all else as it is written.
    let text = written.replace(/bind :8443 ssl .*/, `bind 127.0.0.1:${port}`).replace('inter 2s', 'inter 100ms');
    for (const [index, { port: at }] of instances.entries())
      text = text.replace(`countersign-${index + 1}:4400`, `127.0.0.1:${at}`);
    const file = join(folder, 'haproxy.cfg');
    writeFileSync(file, text);
    const checked = await runTool(haproxy ?? '', ['-c', '-f', file]);
    expect(checked.ok, checked.text).toBe(true);
    expect(checked.text).not.toContain('WARNING');
    running = spawn(haproxy ?? '', ['-db', '-f', file], { stdio: 'ignore' });
    await until('HAProxy to answer', async () => (await fetch(address).catch(() => undefined))?.ok === true);
  });
  afterAll(() => {
    running?.kill('SIGKILL');
    for (const { server } of instances) {
      server.closeAllConnections();
      server.close();
    }
    rmSync(folder, { recursive: true });
  });

  /** Who answers, asked so often that each has a turn. */
  async function answering(): Promise<readonly string[]> {
    const names = new Set<string>();
    for (let asked = 0; asked < 12; asked += 1) names.add(await (await fetch(`${address}/slack/events`)).text());
    return [...names].sort();
  }

  it('spreads requests over all instances that are ready', async () => {
    await until('all three', async () => (await answering()).length === 3);
    for (const one of instances.slice(1)) one.ready = false;

    await until('only one', async () => (await answering()).join() === 'one');
    for (const one of instances) one.ready = true;

    expect(await until('all three again', async () => (await answering()).length === 3)).toBe(true);
  });

  it('keeps health and metrics for the inside, and the name that was asked for', async () => {
    for (const path of ['/healthz', '/readyz', '/metrics']) expect((await fetch(address + path)).status).toBe(404);

    await fetch(`${address}/deployments`);

    expect(instances.flatMap(({ heard }) => heard)).toContain(`GET /deployments ${new URL(address).host}`);
  });

  it('lets events through as they come', async () => {
    const away = new AbortController();
    const response = await fetch(`${address}/events`, { signal: away.signal });
    const reader = response.body?.getReader();

    const first = await reader?.read();
    away.abort();

    expect(Buffer.from(first?.value ?? []).toString()).toBe('event: changed\n\n');
  });

  it('asks for a page again whose instance died, but never delivers a press of a button twice', async () => {
    const times = (method: string) =>
      instances.flatMap(({ heard }) => heard).filter((one) => one.startsWith(`${method} /dies`)).length;

    // Told by an error or by the end of the connection; what counts is what the instances heard.
    const ask = (method: string) =>
      fetch(`${address}/dies`, { method }).then(
        ({ ok }) => ok,
        () => false,
      );
    const answered = [await ask('GET'), await ask('POST')];

    expect(times('GET')).toBeGreaterThan(1);
    expect(times('POST')).toBe(1);
    expect(answered).toEqual([false, false]);
  });

  it('goes on without the one that died, and loses no request that reached nobody', async () => {
    const [first] = instances;
    first?.server.closeAllConnections();
    first?.server.close();

    const names = await answering();
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => name !== 'two' && name !== 'three')).toEqual([]);
  });
});
