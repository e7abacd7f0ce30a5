import type { FakeTeams } from './index.ts';
import type { Json, World } from './world.ts';

/** What may be called from outside by name, with its arguments as a JSON list. */
const NAMES = [
  'say',
  'slash',
  'press',
  'submit',
  'look',
  'extension',
  'install',
  'uninstall',
  'remove',
  'fill',
  'type',
  'typeahead',
  'cancel',
  'deliver',
  'redeliver',
  'forge',
  'retry',
  'deliverTo',
  'down',
  'up',
  'limits',
  'autoRefresh',
  'settled',
  'addPerson',
  'addConversation',
  'addGroup',
  'personal',
  'expireTokens',
  'messages',
  'privately',
  'message',
  'words',
  'buttons',
  'dialogs',
  'calls',
] as const;

/**
 * Remote control over HTTP: `POST /_control/<name>` with the arguments as a JSON list calls the member of that name and answers
 * with its result. Besides: `fault` (one argument), `clear-faults`, `state`.
 */
export function control(fake: FakeTeams) {
  return (path: string, body: string): Promise<unknown> | undefined => {
    const name = /^\/_control\/([a-zA-Z-]+)$/.exec(path)?.[1];
    if (name === undefined) return undefined;
    const args: unknown = body === '' ? [] : JSON.parse(body);
    return perform(fake, name, Array.isArray(args) ? args : [args]).then(plain);
  };
}

async function perform(fake: FakeTeams, name: string, args: readonly unknown[]): Promise<unknown> {
  if (name === 'fault') return fake.faults.add(args[0] as Parameters<FakeTeams['faults']['add']>[0]);
  if (name === 'clear-faults') return fake.faults.clear();
  if (name === 'state') return state(fake.world);
  const known = NAMES.find((one) => one === name);
  if (known === undefined) throw new Error(`no control "${name}"; there are ${NAMES.join(', ')}`);
  const member = fake[known] as (...values: readonly unknown[]) => unknown;
  return await member(...args);
}

/** Everything but what would let others in. */
function state({ tokens: _tokens, secret: _secret, entra: { tokens: _graph, ...entra }, ...world }: World): Json {
  return { ...world, entra };
}

/** In a form that JSON can carry. */
function plain(value: unknown): unknown {
  if (value === undefined) return null;
  return JSON.parse(
    JSON.stringify(value, (_key, one: unknown) => {
      if (one instanceof Map) return Object.fromEntries(one);
      return one instanceof Set ? [...one] : one;
    }),
  );
}
