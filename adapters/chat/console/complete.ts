import { type Catalog, type Service, teamsOf } from '../../../src/domain/catalog.ts';
import { type Deployment, stateWords } from '../../../src/domain/deployment.ts';
import type { Choice } from '../../../src/ports/chat.ts';
import { INPUT, inputChoices, takesInputs } from './complete-inputs.ts';

/** What may stand behind a verb. */
type Slot = 'service' | 'environment' | 'deployment' | 'flag';

/** The verbs as the command box offers them. A line that begins with a service instead is a request. */
export const VERBS = {
  status: { hint: 'What runs where, or how a deployment is doing', slots: ['service', 'environment'] },
  list: { hint: 'Everything that is waiting or running', slots: [] },
  why: { hint: 'Why it does not move, and what would help', slots: ['deployment'] },
  home: { hint: 'What waits for you, and what is yours', slots: [] },
  hotfix: { hint: 'Passes the queue and freezes, and leaves a review', slots: ['service', 'environment'] },
  train: { hint: 'Several services as one, with one approval', slots: ['service', 'service', 'environment'] },
  history: { hint: 'The latest deployments', slots: ['service', 'environment'] },
  approve: { hint: 'Countersign a deployment', slots: ['deployment'] },
  reject: { hint: 'Say no to a deployment, with a reason', slots: ['deployment'] },
  cancel: { hint: 'Call a deployment off', slots: ['deployment'] },
  'break-glass': { hint: 'Go on without the countersignatures, in an emergency', slots: ['deployment'] },
  review: { hint: 'Say what a review found', slots: ['deployment'] },
  reviews: { hint: 'What is to be reviewed', slots: [] },
  away: { hint: 'Let somebody decide in your stead', slots: [] },
  back: { hint: 'Decide in person again', slots: [] },
  nudge: { hint: 'Remind the approvers', slots: ['deployment'] },
  retry: { hint: 'Try a failed deployment again', slots: ['deployment'] },
  rollback: { hint: 'Bring the former version back', slots: ['service', 'environment'] },
  diff: { hint: 'What would change', slots: ['service', 'environment'] },
  logs: { hint: 'The last lines of a run', slots: ['deployment'] },
  lock: { hint: 'Close a target, with a reason', slots: ['service', 'environment'] },
  unlock: { hint: 'Open a target again', slots: ['service', 'environment'] },
  steal: { hint: "Make somebody else's lock yours", slots: ['service', 'environment'] },
  locks: { hint: 'Everything that is locked', slots: [] },
  freeze: { hint: 'Close an environment; hotfixes pass', slots: ['environment'] },
  unfreeze: { hint: 'End a freeze', slots: ['environment'] },
  dora: { hint: 'How often, fast and safely is deployed', slots: ['service', 'environment'] },
  evidence: { hint: 'What an auditor asks about a deployment', slots: ['deployment'] },
  services: { hint: 'All services', slots: [] },
  envs: { hint: 'The environments of a service', slots: ['service'] },
  refs: { hint: 'Branches and tags of a service', slots: ['service'] },
  subscribe: { hint: 'Announce deployments in this channel', slots: ['service', 'environment'] },
  unsubscribe: { hint: 'Stop announcing them', slots: ['service', 'environment'] },
  subscriptions: { hint: 'What this channel hears of', slots: [] },
  prefs: { hint: 'Quiet hours, mentions, your time zone and language', slots: [] },
  whoami: { hint: 'Who you are here', slots: [] },
  link: { hint: 'Tie your account in another chat to this one', slots: [] },
  unlink: { hint: 'Take such a tie back', slots: [] },
  help: { hint: 'All commands', slots: [] },
} as const satisfies Record<string, { hint: string; slots: readonly Slot[] }>;

const FLAGS: readonly Choice[] = [
  { value: '--reason "', label: '--reason "…"', hint: 'Why, for the approvers and the log' },
  { value: '--dry-run', label: '--dry-run', hint: 'Look without asking for anything' },
  { value: '--yes', label: '--yes', hint: 'Skip the question outside production' },
];

const INPUT_FLAG: Choice = {
  value: INPUT,
  label: `${INPUT} name=value`,
  hint: 'What the service takes with a request',
};

const TEAM: Choice = { value: '--team', label: '--team', hint: 'Only what one team builds' };

/** Where completions come from. */
export interface Known {
  readonly catalog: Catalog;
  /** Newest first. */
  readonly deployments: () => Promise<readonly Deployment[]>;
  readonly refs: (service: string, text: string) => Promise<readonly Choice[]>;
}

/** `value` replaces the last word of the line. At most ten, what begins with the word before what only holds it. */
export async function complete(line: string, known: Known): Promise<readonly Choice[]> {
  const words = line.split(/\s+/).filter((word, index) => word !== '' || index > 0);
  const last = words.at(-1) ?? '';
  const before = words.slice(0, -1).map((word) => word.toLowerCase());
  const from = before[0] === 'run' ? before.slice(1) : before;
  const [service, ref] = split(last);
  if (from.length === 0 && ref !== undefined) return refsOf(service, ref, known);
  if (from.length === 0) return matching(last, [...verbs(), ...services(known.catalog)]);
  return behind(from, last, known);
}

async function behind(before: readonly string[], last: string, known: Known): Promise<readonly Choice[]> {
  const verb = before[0] ?? '';
  if (!isVerb(verb)) return forRequest(before, last, known.catalog);
  if (verb === 'dora') return forDelivery(before, last, known.catalog);
  if (verb === 'hotfix' && before.length > 2) return forHotfix(before.slice(1), last, known.catalog);
  const slots: readonly Slot[] = VERBS[verb].slots;
  const slot = slots[before.length - 1];
  if (slot === 'deployment') return matching(last, (await known.deployments()).map(asChoice));
  if (slot === 'service') return matching(last, services(known.catalog));
  if (slot === 'environment')
    return matching(last, environments(known.catalog, serviceNamed(known.catalog, before.at(-1) ?? '')));
  return [];
}

/** `--team` and its name may stand anywhere behind `dora`. */
function forDelivery(before: readonly string[], last: string, catalog: Catalog): readonly Choice[] {
  if (before.at(-1) === TEAM.value) return matching(last, teams(catalog));
  const flag = before.indexOf(TEAM.value);
  if (last.startsWith('-')) return flag < 0 ? matching(last, [TEAM]) : [];
  const named = flag < 0 ? before : [...before.slice(0, flag), ...before.slice(flag + 2)];
  const offered = [
    named.length === 1 ? services(catalog) : [],
    named.length === 2 ? environments(catalog, serviceNamed(catalog, named.at(-1) ?? '')) : [],
    flag < 0 && last === '' && teamsOf(catalog).length > 0 ? [TEAM] : [],
  ];
  return matching(last, offered.flat());
}

function forRequest(before: readonly string[], last: string, catalog: Catalog): readonly Choice[] {
  const service = serviceNamed(catalog, split(before[0] ?? '')[0]);
  const [, environment, ...rest] = before.filter((word) => word !== 'to');
  if (environment === undefined) return matching(last, environments(catalog, service));
  if (rest.at(-1) === INPUT) return matching(last, inputChoices(service, idOf(catalog, environment), rest, last));
  const flags = takesInputs(service, idOf(catalog, environment)) ? [INPUT_FLAG, ...FLAGS] : FLAGS;
  return last.startsWith('-') || last === '' ? matching(last, flags) : [];
}

function forHotfix(before: readonly string[], last: string, catalog: Catalog): readonly Choice[] {
  const offered = forRequest(before, last, catalog);
  return before.at(-1) === INPUT ? offered : offered.filter(({ value }) => value === INPUT);
}

function idOf(catalog: Catalog, name: string): string | undefined {
  return Object.values(catalog.environments).find(({ id, aliases }) =>
    [id, ...aliases].some((one) => one.toLowerCase() === name),
  )?.id;
}

async function refsOf(service: string, text: string, known: Known): Promise<readonly Choice[]> {
  const found = serviceNamed(known.catalog, service);
  if (found === undefined) return [];
  const refs = await known.refs(found.id, text);
  return refs.slice(0, MOST).map(({ value, label, hint }) => ({
    value: `${service}@${value}`,
    label,
    ...(hint === undefined ? {} : { hint }),
  }));
}

const MOST = 10;

function matching(text: string, choices: readonly Choice[]): readonly Choice[] {
  const wish = text.toLowerCase();
  const begins = choices.filter(({ value }) => value.toLowerCase().startsWith(wish));
  const holds = choices.filter(
    (choice) => !begins.includes(choice) && `${choice.value} ${choice.label}`.toLowerCase().includes(wish),
  );
  return [...begins, ...holds].slice(0, MOST);
}

function split(word: string): readonly [string, string | undefined] {
  const at = word.indexOf('@');
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}

function isVerb(word: string): word is keyof typeof VERBS {
  return Object.hasOwn(VERBS, word);
}

function verbs(): readonly Choice[] {
  return Object.entries(VERBS).map(([value, { hint }]) => ({ value, label: value, hint }));
}

function services(catalog: Catalog): readonly Choice[] {
  return Object.values(catalog.services).map(({ id, title }) => ({ value: id, label: id, hint: title }));
}

function teams(catalog: Catalog): readonly Choice[] {
  return teamsOf(catalog).map((team) => ({ value: quoted(team), label: team, hint: 'Team' }));
}

/** A name that has spaces, as one word of a line. */
function quoted(name: string): string {
  return /\s/.test(name) ? `"${name}"` : name;
}

function environments(catalog: Catalog, service: Service | undefined): readonly Choice[] {
  return Object.values(catalog.environments)
    .filter(({ id }) => service === undefined || Object.hasOwn(service.targets, id))
    .sort((one, other) => one.order - other.order)
    .map(({ id, title }) => ({ value: id, label: id, hint: title }));
}

function serviceNamed(catalog: Catalog, name: string): Service | undefined {
  const wish = name.toLowerCase();
  return Object.values(catalog.services).find(({ id, aliases }) =>
    [id, ...aliases].some((one) => one.toLowerCase() === wish),
  );
}

function asChoice({ id, service, environment, state }: Deployment): Choice {
  return { value: id, label: id, hint: `${stateWords(state).word} · ${service} → ${environment}` };
}
