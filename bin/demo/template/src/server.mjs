import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { health } from './health.mjs';
import { page } from './page.mjs';
import { products } from './products.mjs';

/** Opens the shop on a port of loopback; port 0 takes any free one. */
export function start({ port, environment, build = read('../build.json') }) {
  const shop = read('../config/shop.json');
  const html = page({ shop, products, build, environment });
  const server = createServer(async (request, response) => {
    if (request.url === '/health') {
      const { ok, words } = await health();
      return send(response, ok ? 200 : 503, 'application/json', JSON.stringify({ ok, words, ...build }));
    }
    if (request.url === '/products') return send(response, 200, 'application/json', JSON.stringify(products));
    if (request.url === '/') return send(response, 200, 'text/html; charset=utf-8', html);
    return send(response, 404, 'text/plain', 'There is no such page.\n');
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve({ port: server.address().port, close: () => server.close() }));
  });
}

function send(response, status, type, body) {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
}

function read(path) {
  return JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
}
