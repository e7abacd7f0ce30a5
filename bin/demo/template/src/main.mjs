import { start } from './server.mjs';

const shop = await start({
  port: Number(process.env.PORT ?? 8080),
  environment: process.env.SHOP_ENVIRONMENT ?? 'development',
});
console.log(`Listening on port ${shop.port}`);
process.on('SIGTERM', () => shop.close());
