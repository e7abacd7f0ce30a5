import diagnostics from 'node:diagnostics_channel';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fencedFetch } from '../../adapters/shared/http/fenced-fetch.ts';

const CONNECTED = 'undici:client:connected';

describe('a fenced fetch', () => {
  let server: Server;
  let url: string;
  let arrived: string[];

  beforeEach(async () => {
    arrived = [];
    server = createServer((request, answer) => {
      arrived.push(request.method ?? '');
      request.resume();
      answer.end('thank you');
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('sends while the fence stands, on new and on kept connections', async () => {
    const send = fencedFetch(() => undefined);

    const texts = [await (await send(url, { method: 'POST', body: 'one' })).text(), await (await send(url)).text()];

    expect(texts).toEqual(['thank you', 'thank you']);
    expect(arrived).toEqual(['POST', 'GET']);
  });

  it('sends nothing when the fence falls while the connection is made, and throws what the fence throws', async () => {
    const fallen = new Error('not ours any more');
    let stands = true;
    const fall = () => {
      stands = false;
    };
    diagnostics.subscribe(CONNECTED, fall);
    const send = fencedFetch(() => {
      if (!stands) throw fallen;
    });

    const outcome = await send(url, { method: 'POST', body: 'one' }).catch((error: unknown) => error);
    diagnostics.unsubscribe(CONNECTED, fall);

    expect(stands).toBe(false);
    expect(outcome).toBe(fallen);
    expect(arrived).toEqual([]);
  });

  it('does not even connect when the fence has fallen before', async () => {
    const fallen = new Error('not ours any more');
    let connections = 0;
    server.on('connection', () => {
      connections += 1;
    });
    const send = fencedFetch(() => {
      throw fallen;
    });

    await expect(send(url)).rejects.toBe(fallen);
    expect(connections).toBe(0);
  });
});
