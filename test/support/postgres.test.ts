import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NO_SERVER, ownDatabase, TEST_SERVER } from './postgres.ts';
import { type Cluster, clusterTools, NO_CLUSTER, startCluster } from './postgres-cluster.ts';
import { type PostgresProxy, startProxy } from './postgres-proxy.ts';
import { until } from './until.ts';

const tools = clusterTools();

describe.skipIf(TEST_SERVER === undefined)(`a database of its own (skipped where ${NO_SERVER})`, () => {
  it('is empty, and gone afterwards', async () => {
    const own = await ownDatabase(TEST_SERVER ?? '');
    const tables = await own.query("select * from pg_tables where schemaname = 'public'");
    await own.drop();

    expect(tables).toEqual([]);
    await expect(own.query('select 1')).rejects.toThrow(/does not exist/);
  });
});

describe.skipIf(tools === undefined)(`a cluster of its own (skipped where ${NO_CLUSTER})`, () => {
  let cluster: Cluster;
  let proxy: PostgresProxy;

  beforeAll(async () => {
    cluster = await startCluster(tools ?? '');
    proxy = await startProxy({ host: '127.0.0.1', port: cluster.port });
  });
  afterAll(async () => {
    await proxy?.close();
    await cluster?.close();
  });

  async function connected(port: number): Promise<{ readonly client: pg.Client; readonly lost: Promise<Error> }> {
    const client = new pg.Client({ connectionString: `postgres://postgres@127.0.0.1:${port}/postgres` });
    const lost = new Promise<Error>((resolve) => client.on('error', resolve));
    await client.connect();
    return { client, lost };
  }

  it.each(['fast', 'immediate'] as const)('throws everybody out and keeps what was committed (%s)', async (how) => {
    const { client, lost } = await connected(cluster.port);
    await client.query('create table kept (word text)');
    await client.query("insert into kept values ('still here')");

    await cluster.restart(how);

    expect(await lost).toBeInstanceOf(Error);
    const { client: after } = await connected(cluster.port);
    expect((await after.query('select word from kept')).rows).toEqual([{ word: 'still here' }]);
    await after.query('drop table kept');
    await after.end();
  });

  it('is cut off by its proxy, and reached again after it is mended', async () => {
    const { client, lost } = await connected(proxy.port);
    expect((await client.query('select 1 as one')).rows).toEqual([{ one: 1 }]);

    proxy.cut();

    expect(await lost).toBeInstanceOf(Error);
    await expect(connected(proxy.port)).rejects.toThrow();
    proxy.mend();
    const again = await connected(proxy.port);
    await again.client.end();
  });

  it('hears what was said in a stalled network once that is mended', async () => {
    const { client } = await connected(proxy.port);
    const { client: watcher } = await connected(cluster.port);
    await watcher.query('create table heard (word text)');
    const count = async () => (await watcher.query('select * from heard')).rowCount;

    proxy.stall();
    const saying = client.query("insert into heard values ('late')");
    const before = await count();
    proxy.mend();
    await saying;

    expect(before).toBe(0);
    expect(await until('the word', async () => (await count()) === 1)).toBe(true);
    await Promise.all([client.end(), watcher.end()]);
  });
});
