import type { FakeSlack } from './index.ts';
import type { Json, World } from './world.ts';

/** What may be called from outside by name, with its arguments as a JSON list. */
const NAMES = [
  'command',
  'click',
  'mention',
  'dm',
  'join',
  'event',
  'submit',
  'choose',
  'suggest',
  'redeliver',
  'addUser',
  'addChannel',
  'addGroup',
  'archive',
  'remove',
  'deliverTo',
  'messages',
  'privately',
  'dialogs',
  'expireHooks',
  'calls',
] as const;

/**
 * Remote control over HTTP: `POST /_control/<name>` with the arguments as a JSON list calls the member of that name and answers
 * with its result. Besides: `fault` (one argument), `clear-faults`, `drop-sockets`, `refresh-sockets`, `sockets`, `state`.
 */
export function control(fake: FakeSlack) {
  return (path: string, body: string): Promise<unknown> | undefined => {
    const name = /^\/_control\/([a-zA-Z-]+)$/.exec(path)?.[1];
    if (name === undefined) return undefined;
    const args: unknown = body === '' ? [] : JSON.parse(body);
    return perform(fake, name, Array.isArray(args) ? args : [args]);
  };
}

async function perform(fake: FakeSlack, name: string, args: readonly unknown[]): Promise<unknown> {
  if (name === 'fault') return fake.faults.add(args[0] as Parameters<FakeSlack['faults']['add']>[0]);
  if (name === 'clear-faults') return fake.faults.clear();
  if (name === 'drop-sockets') return fake.sockets.drop();
  if (name === 'refresh-sockets') return fake.sockets.refresh();
  if (name === 'sockets') return fake.sockets.count();
  if (name === 'state') return state(fake.world);
  const known = NAMES.find((one) => one === name);
  if (known === undefined) throw new Error(`no control "${name}"; there are ${NAMES.join(', ')}`);
  const member = fake[known] as (...values: readonly unknown[]) => unknown;
  return await member(...args);
}

/** Everything, in a form that JSON can carry. */
function state(world: World): Json {
  return JSON.parse(
    JSON.stringify(world, (_key, value: unknown) => {
      if (value instanceof Map) return Object.fromEntries(value);
      return value instanceof Set ? [...value] : value;
    }),
  ) as Json;
}
