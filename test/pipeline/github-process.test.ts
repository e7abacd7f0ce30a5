import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { githubActions } from '../../adapters/pipeline/github-actions/index.ts';
import { Provider, Settings } from '../../adapters/pipeline/github-actions/schema.ts';
import type { Pipeline, StartRequest } from '../../src/ports/pipeline.ts';
import { adapterTools } from '../fakes/github/bench.ts';

let child: ChildProcess;
let origin: string;
let token: string;

beforeEach(async () => {
  const main = fileURLToPath(new URL('../fakes/github/main.ts', import.meta.url));
  child = spawn(process.execPath, [main], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = child.stdout === null ? [] : await once(createInterface(child.stdout), 'line');
  const printed = JSON.parse(String(line)) as { port: number; token: string };
  origin = `http://127.0.0.1:${printed.port}`;
  token = printed.token;
});

afterEach(async () => {
  child.kill('SIGTERM');
  await once(child, 'exit');
});

async function control<Answer>(verb: string, body: unknown = {}): Promise<Answer> {
  const answer = await fetch(`${origin}/_control/${verb}`, { method: 'POST', body: JSON.stringify(body) });
  expect(answer.status).toBe(200);
  return (await answer.json()) as Answer;
}

function pipeline(): Promise<Pipeline> {
  const settings = Provider.parse({ apiUrl: origin, auth: { token: 'env:TOKEN' } });
  return githubActions.create('github', settings, adapterTools({ 'env:TOKEN': token }));
}

describe('the fake GitHub as a process', () => {
  it('is set up, told to misbehave and watched over HTTP', async () => {
    await control('repository', { name: 'acme/web' });
    const { sha } = await control<{ sha: string }>('commit', { repository: 'acme/web', message: 'One' });
    await control('quirks', { automatic: { looks: 2, conclusion: 'success' } });
    await control('fault', { method: 'POST', path: '/dispatches', fault: { kind: 'drop', after: true } });
    const wish: StartRequest = {
      correlation: 'cs-1',
      deployment: 'D-1',
      service: 'shop',
      environment: 'staging',
      repository: 'acme/web',
      sha,
      kind: 'regular',
      requester: 'Anna Lind',
      settings: Settings.parse({ workflow: 'deploy.yml' }),
      timeoutMs: 60_000,
    };
    const provider = await pipeline();

    await expect(provider.start(wish)).rejects.toMatchObject({ details: { inDoubt: true } });
    const run = (await provider.find(wish)) ?? { provider: 'github', id: 'none' };
    const states = [(await provider.look(run, wish)).state, (await provider.look(run, wish)).state];

    expect(states).toEqual(['queued', 'succeeded']);
    expect(await control<{ status: string }[]>('runs', { repository: 'acme/web' })).toMatchObject([
      { status: 'completed' },
    ]);
    expect(await control('tags', { repository: 'acme/web' })).toEqual({ 'countersign/D-1': { sha, annotated: false } });
  });
});
