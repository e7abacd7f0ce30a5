import type { Cluster } from '../support/postgres-cluster.ts';
import { type Aim, type Blow, isOfInstance } from './blows.ts';
import type { City, Instance } from './city.ts';
import type { Gate, GateCall } from './gate.ts';
import type { Hit } from './hit.ts';

/** How long an aimed blow waits for its moment before it falls anyway, in milliseconds. */
const PATIENCE_MS = 4000;
const PAUSE_MS = 20;

/** What has been done so far. */
export interface Storm {
  /** All blows have fallen, and whatever they hit is back. */
  over(): boolean;
  /** What fell on whom and when; without an end while it lasts. */
  readonly fallen: readonly Hit[];
  /** What went wrong with the blows themselves. */
  readonly faults: readonly string[];
  /** No more of it; waits until whatever was hit is back. */
  end(): Promise<void>;
}

interface Struck {
  /** It is down. */
  readonly fell: Promise<void>;
  /** It is up again. */
  readonly back: Promise<void>;
}

/** Plays a plan upon a city that is running, and upon the cluster that its database is on. */
export function unleash(city: City, cluster: Cluster, plan: readonly Blow[]): Storm {
  const fallen: { readonly what: string; readonly from: number; until: number }[] = [];
  const faults: string[] = [];
  const pending = new Set<Promise<void>>();
  const state = { ended: false, over: false };

  /** Returns what notes that it is over. */
  function note(what: string): () => void {
    const hit = { what, from: Date.now(), until: Number.POSITIVE_INFINITY };
    fallen.push(hit);
    return () => {
      hit.until = Date.now();
    };
  }

  async function rage(): Promise<void> {
    for (const blow of plan) {
      await pause(blow.afterMs);
      if (state.ended) return;
      if (isOfInstance(blow.kind)) await hitInstance(blow);
      else await hitDatabase(blow);
    }
  }

  async function hitDatabase({ kind }: Blow): Promise<void> {
    await struckDatabase(kind).finally(note(`${kind} database`));
  }

  async function struckDatabase(kind: Blow['kind']): Promise<void> {
    if (kind === 'restart fast') return cluster.restart('fast');
    if (kind === 'restart immediate') return cluster.restart('immediate');
    const others = 'pid <> pg_backend_pid() and datname = current_database()';
    await city.database.query(`select pg_terminate_backend(pid) from pg_stat_activity where ${others}`);
  }

  async function hitInstance(blow: Blow): Promise<void> {
    const { back } = await moment(blow);
    pending.add(back);
    back.catch((error: unknown) => faults.push(String(error))).finally(() => pending.delete(back));
  }

  /** Returns when the blow falls. */
  async function moment(blow: Blow): Promise<Struck> {
    const { aim } = blow;
    if (aim === 'anywhere') return struck(blow, await free(blow.victim), 'anywhere');
    return new Promise((resolve) => {
      // Calls may come by at several gates before the first of them is answered: one is enough.
      let taken = false;
      let isDone = false;
      const isMine = ({ who }: GateCall) => !taken && city.instances[who]?.under === false;
      const hit = async (victim: Instance, where: string) => {
        if (isDone) return;
        isDone = true;
        clearTimeout(late);
        for (const takeBack of takings) takeBack();
        const strike = struck(blow, victim, where);
        resolve(strike);
        await strike.fell;
      };
      const takings = aimedAt(city, aim).map(({ gate, isIt }) => {
        const fits = (call: GateCall) => {
          if (!isIt(call) || !isMine(call)) return false;
          taken = true;
          return true;
        };
        return gate.seize(fits, async ({ who }) =>
          hit(city.instances[who] ?? (await free(blow.victim)), `at its ${aim}`),
        );
      });
      const late = setTimeout(async () => hit(await free(blow.victim), `as no ${aim} came`), PATIENCE_MS);
    });
  }

  /** The instance, or the next one that nothing is being done to. */
  async function free(first: number): Promise<Instance> {
    for (;;) {
      const order = city.instances.map((_, index) => city.instances[(first + index) % city.instances.length]);
      const found = order.find((one) => one !== undefined && !one.under);
      if (found !== undefined) return found;
      await pause(PAUSE_MS);
    }
  }

  function struck(blow: Blow, victim: Instance, where: string): Struck {
    victim.under = true;
    const over = note(`${blow.kind} ${victim.number} ${where} (${(blow.forMs / 1000).toFixed(1)} s)`);
    const fell = fall(blow, victim);
    const back = fell
      .then(() => pause(blow.forMs))
      .then(() => comeBack(blow, victim))
      .finally(() => {
        victim.under = false;
        over();
      });
    return { fell, back };
  }

  const raging = rage()
    .catch((error: unknown) => void faults.push(`the storm itself: ${String(error)}`))
    .then(() => Promise.allSettled([...pending]))
    .then(() => {
      state.over = true;
    });
  return {
    fallen,
    faults,
    over: () => state.over,
    async end() {
      state.ended = true;
      await raging;
    },
  };
}

interface Aimed {
  readonly gate: Gate;
  readonly isIt: (call: GateCall) => boolean;
}

/** Where a call of the kind may come by; of new messages and edits in any chat, and whichever comes first. */
function aimedAt({ gates, sides }: City, aim: Exclude<Aim, 'anywhere'>): readonly Aimed[] {
  if (aim === 'post' || aim === 'edit')
    return sides.flatMap((side, index) => {
      const gate = gates.chats[index];
      return gate === undefined ? [] : [{ gate, isIt: (call: GateCall) => side.isAt(aim, call) }];
    });
  const path = aim === 'tag' ? '/git/refs' : '/dispatches';
  return [{ gate: gates.github, isIt: (call) => call.method === 'POST' && call.path.endsWith(path) }];
}

async function fall({ kind }: Blow, victim: Instance): Promise<void> {
  if (kind === 'kill') return victim.subject.kill();
  if (kind === 'cut') return victim.network.cut();
  if (kind === 'stall') return victim.network.stall();
  victim.subject.freeze();
  victim.frozenAt = performance.now();
}

async function comeBack({ kind }: Blow, victim: Instance): Promise<void> {
  if (kind === 'kill') return victim.start();
  if (kind === 'freeze') {
    victim.subject.thaw();
    victim.frozenAt = undefined;
    return;
  }
  victim.network.mend();
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
