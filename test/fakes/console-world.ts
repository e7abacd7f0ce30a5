import { note } from '../../src/domain/announcement.ts';
import { EMPTY, type Head, seal } from '../../src/domain/audit.ts';
import type { Catalog } from '../../src/domain/catalog.ts';
import { type Deployment, isOpen } from '../../src/domain/deployment.ts';
import { deploymentStream, type Entry, type Stream } from '../../src/domain/event.ts';
import { emptyPersonBook } from '../../src/domain/person-book.ts';
import { emptyTarget, type Target } from '../../src/domain/target.ts';
import type { FormSpec, Inbox, Incoming, Reply } from '../../src/ports/chat.ts';
import type { Reading } from '../../src/ports/reading.ts';
import { CATALOG, DEV } from './console-catalog.ts';
import { ago, DEPLOYMENTS, eventsOf, shaOf } from './console-deployments.ts';

/** A world to look at without an engine: rows that stand still, a chain of entries, and an inbox that remembers what it heard. */
export interface ConsoleWorld {
  readonly reading: Reading;
  readonly inbox: Inbox;
  readonly heard: readonly Incoming[];
  /** The next answers, in order; without one, a private note. */
  answerWith(reply: Reply): void;
  /** As a commit would. */
  changed(): void;
  put(deployment: Deployment): void;
}

const LOG = [
  '$ npm ci',
  'added 412 packages in 6 s',
  '$ npm run build',
  'built 214 modules in 3.1 s',
  '$ npm test',
  '318 tests, 318 passed',
  '$ npm run test:integration',
  'basket ............ ok',
  'checkout <b>&amp; payment</b> .... ok',
].join('\n');

export function consoleWorld(catalog: Catalog = CATALOG): ConsoleWorld {
  const deployments = new Map(DEPLOYMENTS.map((one) => [one.id, one]));
  const entries = chainOf(DEPLOYMENTS);
  const listeners = new Set<(streams: readonly Stream[]) => void>();
  const newestFirst = () => [...deployments.values()].sort((one, other) => other.number - one.number);

  const reading: Reading = {
    troubles: () => [],
    catalog: () => catalog,
    logs: async () => LOG,
    deployment: async (id) => deployments.get(id),
    deploymentByToken: async (token) => newestFirst().find((one) => one.token === token),
    deploymentByRun: async () => undefined,
    deployments: async ({ service, environment, states, open, before, limit }) =>
      newestFirst()
        .filter((one) => service === undefined || one.service === service)
        .filter((one) => environment === undefined || one.environment === environment)
        .filter((one) => states === undefined || states.includes(one.state))
        .filter((one) => open === undefined || isOpen(one))
        .filter((one) => before === undefined || one.number < before)
        .slice(0, limit),
    nextNumber: async () => 1050,
    target: async (service, environment) =>
      TARGETS.find((one) => one.service === service && one.environment === environment) ??
      emptyTarget(service, environment),
    targets: async () => TARGETS,
    placeBooks: async () => [],
    scopes: async () => [],
    personBook: async (person) => emptyPersonBook(person),
    personBooks: async () => [],
    review: async () => undefined,
    openReviews: async () => [],
    rollups: async () => [],
    entries: async ({ stream, after = 0, from = '', to = '~', limit }) =>
      entries
        .filter((one) => stream === undefined || one.stream === stream)
        .filter(({ seq, at }) => seq > after && at >= from && at < to)
        .slice(0, limit),
    listen: (told) => {
      listeners.add(told);
      return () => listeners.delete(told);
    },
  };
  const changed = (): void => {
    for (const told of listeners) told([]);
  };
  return {
    reading,
    ...fakeInbox(catalog),
    changed,
    put: (deployment) => {
      deployments.set(deployment.id, deployment);
      changed();
    },
  };
}

function fakeInbox(catalog: Catalog) {
  const heard: Incoming[] = [];
  const replies: Reply[] = [];
  const services = Object.values(catalog.services).map(({ id, title }) => ({ value: id, label: id, hint: title }));
  const form = (fields: Readonly<Record<string, string>>): FormSpec => {
    const service = fields['service'] ?? 'web';
    const targets = catalog.services[service]?.targets ?? {};
    return {
      service,
      ...fields,
      services,
      environments: Object.keys(targets).map((id) => ({ value: id, label: id })),
      reasonRequired: fields['environment'] === 'production',
      alerts: fields['environment'] === 'production' ? [`${service} in production waits for D-1047.`] : [],
    };
  };
  const inbox: Inbox = {
    receive: async (incoming) => {
      const again = heard.some(({ key }) => key === incoming.key);
      heard.push(incoming);
      if (again) return { kind: 'nothing' };
      const reply = replies.shift();
      if (reply !== undefined) return reply;
      if (incoming.input.kind === 'text' && incoming.input.text === '') return { kind: 'form', form: form({}) };
      const words = `Heard: ${JSON.stringify(incoming.input)}`;
      return { kind: 'say', visibility: 'private', announcement: note('neutral', [words], words) };
    },
    choices: async (field, text) =>
      field === 'service'
        ? services
        : ['main', 'new-checkout', 'v3.1.0', 'v3.0.2']
            .filter((name) => name.includes(text))
            .map((name) => ({ value: name, label: name, hint: shaOf(name.length).slice(0, 7) })),
    form: async (fields) => form(fields),
    picture: async () => undefined,
    joined: async () => undefined,
  };
  return { inbox, heard, answerWith: (reply: Reply) => void replies.push(reply) };
}

const TARGETS: readonly Target[] = [
  {
    service: 'web',
    environment: 'production',
    version: 4,
    current: { deployment: 'D-1036', sha: shaOf(1036), since: ago(1500) },
    lock: { by: DEV, reason: 'stocktaking until noon', at: ago(80) },
  },
  {
    service: 'web',
    environment: 'staging',
    version: 3,
    current: { deployment: 'D-1042', sha: shaOf(1042), since: ago(124) },
  },
  {
    service: 'api',
    environment: 'production',
    version: 2,
    current: { deployment: 'D-1039', sha: shaOf(1039), since: ago(690) },
  },
];

function chainOf(deployments: readonly Deployment[]): readonly Entry[] {
  const entries: Entry[] = [];
  let head: Head = EMPTY;
  for (const deployment of deployments.toReversed()) {
    for (const [index, [event, by]] of eventsOf(deployment).entries()) {
      const at = new Date(Date.parse(deployment.requestedAt) + index * 40_000).toISOString();
      const { entry } = seal(head, { stream: deploymentStream(deployment.id), event, by, at }, index + 1);
      head = { seq: entry.seq, hash: entry.hash };
      entries.push(entry);
    }
  }
  return entries;
}
