import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as ask } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failureOf } from '../contract/pipeline-tools.ts';
import { selfSigned } from '../support/certificate.ts';
import { type GitHubBench, githubBench } from './github-bench.ts';

describe('a GitHub Enterprise Server behind a private authority', () => {
  const own = selfSigned('ec');
  let folder: string;
  let bench: GitHubBench;
  let front: Server;
  let apiUrl: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'countersign-ghes-'));
    writeFileSync(join(folder, 'ca.pem'), own.certificate);
    bench = await githubBench();
    front = createServer({ key: own.key, cert: own.certificate }, (request, answer) => {
      const { method = 'GET', headers, url = '/' } = request;
      const onward = ask(`${bench.fake.url}${url}`, { method, headers }, (came) => {
        answer.writeHead(came.statusCode ?? 500, came.headers);
        came.pipe(answer);
      });
      request.pipe(onward);
    });
    await new Promise<void>((resolve) => void front.listen(0, '127.0.0.1', resolve));
    apiUrl = `https://127.0.0.1:${(front.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    front.closeAllConnections();
    await new Promise((resolve) => front.close(resolve));
    await bench.close();
    rmSync(folder, { recursive: true });
  });

  it('is read and written, also behind the fence, where the file of the authority is named', async () => {
    const pipeline = await bench.provider({ apiUrl, certificateAuthority: join(folder, 'ca.pem') });
    const wish = bench.wish();
    let asked = 0;

    const run = await pipeline.start(wish, () => {
      asked += 1;
    });

    expect((await pipeline.look(run, wish)).sha).toBe(wish.sha);
    expect(asked).toBeGreaterThan(0);
  });

  it('is not trusted otherwise, and no start is in doubt', async () => {
    const failure = await failureOf((await bench.provider({ apiUrl })).start(bench.wish()));

    expect(failure).toMatchObject({ kind: 'unreachable', code: expect.stringMatching(/CERT/) });
    expect(failure.inDoubt ?? false).toBe(false);
    expect(bench.repository.runs).toEqual([]);
  });

  it('is not set up with a file that is none', async () => {
    const made = bench.provider({ apiUrl, certificateAuthority: join(folder, 'nowhere.pem') });

    expect(await failureOf(made)).toMatchObject({ code: 'certificate-authority' });
  });
});
