import type { Audience, Catalog, Place } from '../../src/domain/catalog.ts';
import type { Ref } from '../../src/domain/change-set.ts';
import type { Person } from '../../src/domain/person.ts';
import type { Caller, Door } from '../../src/engine/door.ts';
import type { Reply } from '../../src/ports/chat.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Reading } from '../../src/ports/reading.ts';

/** Every argument a command can have; what a command needs of them its slots say. */
interface Values {
  /** Id of the catalog, or `*` where the slot allows every one. */
  readonly service: string;
  readonly environment: string;
  readonly ref: string;
  /** In the form `D-1042`, or that of a train: `T-7`. */
  readonly deployment: string;
  /** Those of a train, in their order. */
  readonly services: readonly { readonly service: string; readonly ref?: string }[];
  /** All at the same time. */
  readonly parallel: boolean;
  readonly reason: string;
  readonly text: string;
  readonly topic: string;
  readonly to: string;
  readonly count: number;
  readonly mode: Audience;
  /** Key of a scope wider than a target, e.g. `environment/production`. */
  readonly scope: string;
  /** Milliseconds. */
  readonly forMs: number;
  readonly warn: boolean;
  /** When it is to begin, as it was typed. */
  readonly at: string;
  /** Address of an incident. */
  readonly incident: string;
  /** Why a rule is to be set aside. */
  readonly override: string;
  /** How a subscription is narrowed down, as it was typed. */
  readonly cadence: string;
  readonly events: string;
  readonly refs: string;
  readonly people: string;
  readonly kinds: string;
  /** Who builds services, as it was typed. */
  readonly team: string;
  /** What is handed in, by name, as it was typed. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly dryRun: boolean;
  readonly yes: boolean;
}
export type Field = keyof Values;
export type Args = Partial<Values>;

/** How a slot is read. `words`: the rest of the line as it was typed; `service-refs`: as many services as there are. */
type SlotKind =
  | 'scope'
  | 'service'
  | 'service-ref'
  | 'service-refs'
  | 'environment'
  | 'deployment'
  | 'word'
  | 'words'
  | 'count'
  | 'mode'
  | 'to';

/** One place for an argument. Usage, help and parsing all come from it. */
export interface Slot<F extends Field = Field, Needed extends boolean = boolean> {
  readonly field: F;
  readonly kind: SlotKind;
  readonly needed: Needed;
  /** As it stands in the usage line, e.g. `why`. */
  readonly label: string;
  /** `*` may stand for every one. */
  readonly every?: boolean;
  /** A word that may stand before it and means nothing, e.g. `to`. */
  readonly filler?: string;
  readonly max?: number;
}

/** Fields of flags that have words behind them. */
export const SPOKEN = [
  'reason',
  'at',
  'incident',
  'override',
  'cadence',
  'events',
  'refs',
  'people',
  'kinds',
  'team',
] as const;
type SpokenField = (typeof SPOKEN)[number];

/** A `--flag`, always optional. Only that of the inputs may be given more than once. */
export interface Flag {
  readonly name: string;
  readonly field: SpokenField | 'forMs' | 'inputs' | 'warn' | 'dryRun' | 'yes' | 'parallel';
  /** What follows it, in words for the usage line; absent for a switch. */
  readonly value?: string;
}

export type Form = readonly Slot[];

/** A form without an id tells by that which form was read. */
type Absent<F extends Form> = { [K in Exclude<'deployment', F[number]['field']>]?: undefined };
type Needed<F extends Form> = { [S in F[number] as S extends Slot<infer N, true> ? N : never]: Values[S['field']] };
/** What a handler of these forms is given: needed slots are there, all else may be. */
type ArgsOf<F extends readonly Form[]> = F[number] extends infer One
  ? One extends Form
    ? Args & Needed<One> & Absent<One>
    : never
  : never;

export const TOPICS = {
  deploying: 'Deploying and going back',
  deciding: 'Deciding about a request',
  looking: 'Looking',
  people: 'Who you are',
  targets: 'Closing and opening targets',
  channels: 'What is told where',
} as const;
export type HelpTopic = keyof typeof TOPICS;

/** What an instance says of itself. */
export interface About {
  /** Version of the programme. */
  readonly program: string;
  /** Beginning of the version of the configuration in force. */
  readonly configuration: string;
  /** What an operator should know, e.g. that the instance must be restarted. */
  readonly notes: readonly string[];
  /** Why the instance takes no work, without a full stop. */
  readonly aside?: string;
}

export interface CommandContext {
  readonly door: Door;
  readonly reading: Reading;
  readonly clock: Clock;
  readonly log: Log;
  readonly catalog: Catalog;
  readonly caller: Caller;
  /** The chat could not be asked whether the caller is from outside; then the caller counts as such. */
  readonly unread: boolean;
  readonly place: Place;
  readonly commands: readonly CommandSpec[];
  /** Of the pressed button; absent for typed commands. */
  readonly revision?: number;
  /** The deployment on whose card a button was pressed that is about its target. */
  readonly pressed?: string;
  /** Who is in each of these groups now; one that cannot be read is left out. */
  readonly rosters: (groups: readonly string[]) => Promise<Readonly<Record<string, readonly Person[]>>>;
  /** Branches and tags of a service that contain the text, newest first. May throw a PortFailure. */
  readonly refs: (service: string, text: string) => Promise<readonly Ref[]>;
  /** Ids of the chats of this installation, e.g. `slack`. */
  readonly chats: readonly string[];
  /** About the instance that answers. */
  readonly about?: () => About;
}

/** One command: everything that usage, help, the parser, the manifest and the buttons need to know of it. */
export interface CommandSpec {
  /** The verb, and the name of its file. */
  readonly name: string;
  readonly aliases: readonly string[];
  readonly summary: string;
  readonly topic: HelpTopic;
  readonly examples: readonly string[];
  /** The forms it can take; the first that fits is taken. */
  readonly forms: readonly Form[];
  readonly flags: readonly Flag[];
  /** The verb may be left out: the line begins with the service. */
  readonly verbless: boolean;
  /** Does this change anything? People from outside may only look. */
  acts(args: Args): boolean;
  run(context: CommandContext, args: Args): Promise<Reply>;
}

interface Draft<F extends readonly Form[]> {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly summary: string;
  readonly topic: HelpTopic;
  readonly examples: readonly [string, ...string[]];
  readonly forms: F;
  readonly flags?: readonly Flag[];
  readonly verbless?: boolean;
  readonly acts: boolean | ((args: Args) => boolean);
  run(context: CommandContext, args: ArgsOf<F>): Promise<Reply>;
}

/** Makes a command out of its shape; the handler's arguments are typed by the forms. */
export function command<const F extends readonly Form[]>(draft: Draft<F>): CommandSpec {
  const { acts } = draft;
  return {
    name: draft.name,
    aliases: draft.aliases ?? [],
    summary: draft.summary,
    topic: draft.topic,
    examples: draft.examples,
    forms: draft.forms,
    flags: draft.flags ?? [],
    verbless: draft.verbless ?? false,
    acts: (args) => (typeof acts === 'function' ? acts(args) : acts),
    // The parser fills every needed slot of a form before it calls this, so the narrower type holds.
    run: (context, args) => draft.run(context, args as ArgsOf<F>),
  };
}

export const SERVICE = { field: 'service', kind: 'service', needed: true, label: 'service' } as const satisfies Slot;
export const SERVICE_REF = {
  field: 'service',
  kind: 'service-ref',
  needed: true,
  label: 'service',
} as const satisfies Slot;
export const SERVICE_REFS = {
  field: 'services',
  kind: 'service-refs',
  needed: true,
  label: 'service',
} as const satisfies Slot;
export const ENVIRONMENT = {
  field: 'environment',
  kind: 'environment',
  needed: true,
  label: 'env',
} as const satisfies Slot;
export const DEPLOYMENT = {
  field: 'deployment',
  kind: 'deployment',
  needed: true,
  label: 'D-1042',
} as const satisfies Slot;
export const TRAIN = { ...DEPLOYMENT, label: 'T-7' } as const satisfies Slot;
export const WHY = { field: 'reason', kind: 'words', needed: true, label: 'why' } as const satisfies Slot;

export function optional<const S extends Slot>(slot: S): Omit<S, 'needed'> & { readonly needed: false } {
  return { ...slot, needed: false };
}

export const FOR_FLAG: Flag = { name: 'for', field: 'forMs', value: '2h' };
export const AT_FLAG: Flag = { name: 'at', field: 'at', value: '"tomorrow 9:00"' };
export const OVERRIDE_FLAG: Flag = { name: 'override', field: 'override', value: '"why"' };
export const INPUT_FLAG: Flag = { name: 'input', field: 'inputs', value: 'name=value' };
export const REASON_FLAG: Flag = { name: 'reason', field: 'reason', value: '"…"' };
