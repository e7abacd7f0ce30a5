import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createService } from '../../adapters/shared/http/service.ts';
import { systemClock } from '../../src/system/clock.ts';
import { selfSigned } from '../support/certificate.ts';

describe('a client certificate', () => {
  const ours = selfSigned('ec');
  const theirs = selfSigned('ec');
  let server: Server;

  beforeAll(async () => {
    const tls = { key: theirs.key, cert: theirs.certificate, ca: ours.certificate, requestCert: true };
    server = createServer({ ...tls, rejectUnauthorized: true }, (request, answer) => {
      request.resume();
      answer.end(JSON.stringify({ known: (request.socket as TLSSocket).authorized }));
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const service = (clientCertificate?: { readonly certificate: string; readonly key: string }) =>
    createService({
      port: 'gate',
      system: 'Spinnaker',
      login: 'the certificate',
      baseUrl: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
      authority: theirs.certificate,
      clientCertificate,
      clock: systemClock(),
    });
  const form = z.object({ known: z.boolean() });

  it('lets reads and fenced writes in where the server asks for one', async () => {
    const one = service(ours);

    const written = await one.send({ what: 'a run', path: 'runs' }, () => undefined);

    expect([await one.get({ what: 'a run', path: 'runs/7', form }), written.data]).toEqual([
      { known: true },
      { known: true },
    ]);
  });

  it('is needed there: nobody else comes in', async () => {
    const strangers = [service(), service(selfSigned('ec'))].map((one) => one.get({ what: 'a run', path: '', form }));

    const failures = await Promise.all(strangers.map((call) => call.catch((thrown: unknown) => thrown)));

    for (const failure of failures) expect(failure).toMatchObject({ details: { kind: 'unreachable' } });
  });
});
