import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readAuthority } from '../../adapters/shared/http/authority.ts';
import { createService } from '../../adapters/shared/http/service.ts';
import { PortFailure } from '../../src/ports/failure.ts';
import { systemClock } from '../../src/system/clock.ts';
import { selfSigned } from '../support/certificate.ts';

describe('a private certificate authority', () => {
  const own = selfSigned('ec');
  const folder = mkdtempSync(join(tmpdir(), 'countersign-authority-'));
  let server: Server;
  let asked = 0;

  beforeAll(async () => {
    server = createServer({ key: own.key, cert: own.certificate }, (request, answer) => {
      asked += 1;
      request.resume();
      answer.end('{"id":7}');
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true });
  });

  const file = (name: string, text: string) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const service = (authority?: string) =>
    createService({
      port: 'ci',
      system: 'Jenkins',
      login: 'the token',
      baseUrl: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
      authority,
      clock: systemClock(),
      headers: () => ({ 'x-token': 'secret' }),
    });
  const question = { what: 'a job', path: 'jobs/7', form: z.object({ id: z.number() }) };

  it.each(['read', 'write behind a fence', 'tail'] as const)('is trusted where its file is named: %s', async (way) => {
    const one = service(await readAuthority('ci', file('own.pem', own.certificate)));
    const before = asked;

    const got = {
      read: () => one.get(question),
      'write behind a fence': async () => (await one.send({ what: 'a job', path: 'jobs' }, () => undefined)).data,
      tail: async () => JSON.parse((await one.tail({ what: 'the log', path: 'log', bytes: 100 })) ?? ''),
    }[way];

    expect(await got()).toEqual({ id: 7 });
    expect(asked).toBe(before + 1);
  });

  it('is not trusted otherwise, nor is another one', async () => {
    const other = await readAuthority('ci', file('other.pem', selfSigned('ec').certificate));
    const before = asked;

    const calls = [service(), service(other)].flatMap((one) => [
      one.get(question),
      one.send({ what: 'a job', path: '' }),
    ]);
    const failures = await Promise.all(calls.map((call) => call.catch((thrown: unknown) => thrown)));

    for (const failure of failures) {
      expect(failure).toBeInstanceOf(PortFailure);
      expect(failure).toMatchObject({ details: { kind: 'unreachable', code: expect.stringMatching(/CERT/) } });
      expect(failure).not.toHaveProperty('details.inDoubt');
    }
    expect(asked).toBe(before);
  });

  it.each([
    ['a file that is not there', () => join(folder, 'nowhere.pem'), /nowhere\.pem .*cannot be read/],
    ['a file of other text', () => file('text.pem', 'hello'), /text\.pem .*holds no certificate in PEM form/],
    ['a private key', () => file('key.pem', own.key), /key\.pem .*holds no certificate in PEM form/],
  ])('is refused at once when it is %s', async (_case, path, words) => {
    const failure = await readAuthority('ci', path()).catch((thrown: unknown) => thrown);

    expect(failure).toBeInstanceOf(PortFailure);
    expect(failure).toMatchObject({ message: expect.stringMatching(words), details: { port: 'ci', retryable: false } });
  });

  it('is nothing where no file is named', async () => {
    expect(await readAuthority('ci', undefined)).toBeUndefined();
  });
});
