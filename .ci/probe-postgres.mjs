// Can the tests work on this server? They need to log in without a password and to make databases of their own.
import { setTimeout } from 'node:timers';
import pg from 'pg';

const [connectionString] = process.argv.slice(2);
const database = `countersign_probe_${process.pid}`;
setTimeout(() => no('it does not answer'), 10_000).unref();

const client = new pg.Client({ connectionString, connectionTimeoutMillis: 3000 });
client.on('error', no);
try {
  await client.connect();
  await client.query(`create database ${database}`);
  await client.query(`drop database ${database}`);
  await client.end();
} catch (error) {
  no(error);
}

function no(why) {
  process.stdout.write(`PostgreSQL at ${connectionString} is not used: ${why instanceof Error ? why.message : why}.\n`);
  process.exit(1);
}
