import { randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verify } from '../../src/domain/audit.ts';
import type { State } from '../../src/domain/deployment.ts';
import { deploymentStream } from '../../src/domain/event.ts';
import { VOCABULARY } from '../../src/domain/vocabulary.ts';
import type { Store } from '../../src/ports/store.ts';
import { openStore } from '../../src/store/open.ts';
import { systemClock } from '../../src/system/clock.ts';
import { BEN, repository, type TestRepository } from '../source/git-repository.ts';
import { NO_SERVER, type OwnDatabase, ownDatabase, TEST_SERVER } from '../support/postgres.ts';
import { type Running, startProgram } from '../support/program.ts';
import { threeOfOne } from '../support/three-of-one.ts';
import { until } from '../support/until.ts';

const ROOT = join(import.meta.dirname, '../..');
const SLOW = 120_000;
const PATIENCE_MS = 30_000;
const NEXT = VOCABULARY + 1;

/** A programme of the next version: it writes `dispatched` in a form that the present one does not know. */
function newerProgramme(folder: string): string {
  for (const part of ['bin', 'src', 'commands', 'adapters', 'package.json']) {
    cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const file = join(folder, 'src/domain/vocabulary.ts');
  const present = readFileSync(file, 'utf8');
  const next = present
    .replace(`VOCABULARY = ${VOCABULARY};`, `VOCABULARY = ${NEXT};`)
    .replace('dispatched: 1,', `dispatched: ${NEXT},`);
  writeFileSync(file, next);
  return join(folder, 'bin/countersign.ts');
}

describe.skipIf(TEST_SERVER === undefined)(
  `an old and a new version on one database${TEST_SERVER === undefined ? ` (${NO_SERVER})` : ''}`,
  () => {
    const data = mkdtempSync(join(tmpdir(), 'countersign-rolling-'));
    let database: OwnDatabase;
    let shop: TestRepository;
    let store: Store;
    let old: Running;
    let fresh: Running;

    beforeAll(async () => {
      shop = repository();
      shop.commit('Begin the shop', { author: BEN });
      database = await ownDatabase(TEST_SERVER ?? '');
      const file = join(data, 'countersign.yaml');
      writeFileSync(file, threeOfOne(database.url, shop.folder));
      const more = ['--config', file];
      old = await startProgram({ data, more });
      fresh = await startProgram({ data, more, entry: newerProgramme(join(data, 'next')) });
      ({ store } = await openStore({ database: database.url, clock: systemClock(), works: false }));
    }, SLOW);
    afterAll(async () => {
      await Promise.all([old.stop(), fresh.stop(), store.close()]);
      await database.drop();
      shop.remove();
      rmSync(data, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    }, SLOW);

    /** Somebody types a line at the console of one of the two; the answer, as the page gets it. */
    async function says(at: Running, as: string, line: string): Promise<string> {
      const body = new URLSearchParams({ as, text: line, channel: '#deploys', key: randomUUID() });
      const headers = { origin: at.url, accept: 'application/json' };
      const answer = await fetch(new URL('/console/say', at.url), { method: 'POST', body, headers });
      return answer.text();
    }

    async function reaches(id: string, state: State): Promise<void> {
      const has = async () => (await store.deployment(id))?.state === state;
      await until(`${id} to be ${state}`, has, PATIENCE_MS);
    }

    it(
      'work side by side: what only the new one knows is left to it, and everything comes to its end',
      async () => {
        await says(old, 'anna', 'web production --reason "Asked of the old one"');
        await reaches('D-1', 'awaiting-approval');
        await says(fresh, 'cleo', 'approve D-1');
        await until('the newer form', async () => ((await store.deployment('D-1'))?.needs === NEXT ? true : undefined));
        const refused = await says(old, 'anna', 'cancel D-1 "Seen enough"');
        await reaches('D-1', 'succeeded');

        const entries = await store.entries({ stream: deploymentStream('D-1'), limit: 100 });
        expect(entries.map(({ event }) => event.type)).not.toContain('cancelled');
        expect(refused).toMatch(/newer version of Countersign/);
        expect(await (await fetch(new URL('/readyz', old.url))).json()).toMatchObject({ ready: true });
        expect((await fetch(new URL('/deployments/D-1', old.url))).status).toBe(200);

        shop.commit('A second version', { author: BEN });
        await says(fresh, 'anna', 'web production --reason "Asked of the new one"');
        await reaches('D-2', 'awaiting-approval');
        await fresh.stop();
        await says(old, 'cleo', 'approve D-2');
        await reaches('D-2', 'succeeded');

        expect(await verify(store.found())).toMatchObject({ kind: 'whole' });
      },
      SLOW,
    );
  },
);
