import { openStore } from '../../src/store/open.ts';
import { systemClock } from '../../src/system/clock.ts';
import { changeMaker, commitAll } from './changes.ts';

// One of several processes that commit to one database; see `postgres-commits`.
export interface Round {
  readonly count: number;
  readonly writers: number;
}

/** When it was at work, milliseconds since 1970, so that several processes can be compared. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const [, , database = '', begun = '0'] = process.argv;
const { store } = await openStore({ database, clock: systemClock(), works: true });
const changes = changeMaker(Number(begun));
const now = () => performance.timeOrigin + performance.now();

process.on('message', async (round: Round | 'end') => {
  if (round === 'end') {
    await store.close();
    process.disconnect();
    return;
  }
  const wanted = changes(round.count);
  const from = now();
  await commitAll(store, wanted, round.writers);
  const span: Span = { from, to: now() };
  process.send?.(span);
});
process.send?.('ready');
