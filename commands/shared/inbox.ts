import { type Ref, shortSha } from '../../src/domain/change-set.ts';
import { type Account, type Person, personOf } from '../../src/domain/person.ts';
import { refusal } from '../../src/domain/refusal.ts';
import { clip } from '../../src/domain/text.ts';
import type { Caller, Door } from '../../src/engine/door.ts';
import { pictureOf } from '../../src/engine/picture.ts';
import type { Choice, Inbox, Incoming, Input, Reply } from '../../src/ports/chat.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { PortFailure } from '../../src/ports/failure.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Reading } from '../../src/ports/reading.ts';
import { refused, runButton } from './answers.ts';
import { readPress } from './buttons.ts';
import { failed } from './failed.ts';
import { CHOICE_LIMIT, chooseService, type FormFields, fieldErrors, formOf, readFields } from './form.ts';
import { findService } from './names.ts';
import { outcome, requested } from './outcomes.ts';
import { type Parsed, parse, type Vocabulary } from './parse.ts';
import type { About, Args, CommandContext, CommandSpec } from './spec.ts';
import { HELD_LIMIT, tidy } from './words.ts';

/** What the inbox is made of. */
export interface InboxParts {
  readonly door: Door;
  readonly reading: Reading;
  readonly clock: Clock;
  readonly log: Log;
  /** The person behind an account, also by verified e-mail. Default: what the configuration says of the account. */
  readonly identify?: (account: Account) => Promise<Person>;
  /** Branches and tags of a service that contain the text, newest first. May throw a PortFailure. */
  readonly refs?: (service: string, text: string) => Promise<readonly Ref[]>;
  /** Who is in each of these groups now; default: nothing is read. */
  readonly rosters?: CommandContext['rosters'];
  /** Ids of the chats of this installation, for `whoami`. */
  readonly chats?: readonly string[];
  /** About this instance, for `status`. */
  readonly about?: () => About;
}

/** The way in from every chat. Nothing is thrown: whatever happens, whoever acted gets an answer. */
export function inboxOver(commands: readonly CommandSpec[], parts: InboxParts): Inbox {
  const { reading, log } = parts;
  const catalog = () => reading.catalog();
  return {
    async receive(incoming) {
      try {
        return await obey(await contextOf(commands, parts, incoming), incoming.input);
      } catch (error) {
        return failed(log, incoming, error);
      }
    },
    async choices(field, text, form) {
      try {
        return field === 'service'
          ? await chooseService(catalog(), reading, text)
          : await chooseRef(parts, text, form.service);
      } catch (error) {
        log.warn({ error, field }, 'The choices of a form field could not be given.');
        return [];
      }
    },
    async form(fields) {
      const { args } = readFields(catalog(), fields);
      try {
        return await formOf(catalog(), reading, args, [], parts.clock.now());
      } catch (error) {
        log.warn({ error }, 'The alerts of a form could not be read.');
        const { inputs: _typed, ...known } = args;
        const empty = { services: [], environments: [], reasonRequired: false };
        return { ...known, ...empty, alerts: ['What is under way there could not be read. Try again in a minute.'] };
      }
    },
    picture: (place, key) => pictureOf({ store: reading, clock: parts.clock, catalog }, place, key),
    async joined(place) {
      try {
        await parts.door.joined(place);
      } catch (error) {
        log.error({ error, place }, 'A new place could not be greeted.');
      }
    },
  };
}

async function contextOf(
  commands: readonly CommandSpec[],
  parts: InboxParts,
  incoming: Incoming,
): Promise<CommandContext> {
  const { door, reading, clock, log } = parts;
  const refs = parts.refs ?? (() => Promise.resolve([]));
  const rosters = parts.rosters ?? (() => Promise.resolve({}));
  const caller: Caller = {
    person: await identified(parts, incoming.actor),
    account: incoming.actor,
    external: incoming.external !== false,
    key: incoming.key,
    place: incoming.place,
  };
  const about = parts.about === undefined ? {} : { about: parts.about };
  const { place } = incoming;
  const more = { chats: parts.chats ?? [], unread: incoming.external === 'unread', ...about };
  return { door, reading, clock, log, catalog: reading.catalog(), caller, place, commands, refs, rosters, ...more };
}

/** An e-mail that cannot be looked up leaves the person as configured: that can only take rights away, never give any. */
async function identified({ identify, reading, log }: InboxParts, account: Account): Promise<Person> {
  const configured = personOf(reading.catalog().people, account);
  if (identify === undefined) return configured;
  try {
    return await identify(account);
  } catch (error) {
    if (!(error instanceof PortFailure)) throw error;
    log.warn({ error, system: account.system }, 'A person could not be looked up; the configuration alone is used.');
    return configured;
  }
}

async function obey(context: CommandContext, input: Input): Promise<Reply> {
  switch (input.kind) {
    case 'text':
      return obeyLine(context, input.text);
    case 'form':
      return obeyForm(context, input.fields);
    case 'button': {
      const press = await readPress(context.reading, input);
      if (press.kind === 'refused') return refused(press.refusals);
      if (press.kind === 'line') return obeyLine({ ...context, limit: HELD_LIMIT }, press.line, press.answer);
      if (press.kind === 'form') return openForm(context, { service: findService(context.catalog, press.service)?.id });
      const spec = context.commands.find(({ name }) => name === press.name);
      if (spec === undefined)
        return refused([
          refusal('unknown-command', `There is no command "${press.name}".`, '`help` shows the commands.'),
        ]);
      const { revision, pressed } = press;
      const shown = { ...(revision === undefined ? {} : { revision }), ...(pressed === undefined ? {} : { pressed }) };
      return perform({ ...context, ...shown }, spec, press.args);
    }
  }
}

/** `answer`: words that a button asked of its presser; they are the reason. */
async function obeyLine(
  context: CommandContext & Pick<Vocabulary, 'limit'>,
  line: string,
  answer?: string,
): Promise<Reply> {
  const parsed = parse(line, context);
  const reason = answer === undefined ? {} : { reason: answer };
  switch (parsed.kind) {
    case 'command':
      return perform(context, parsed.spec, { ...parsed.args, ...reason });
    case 'form':
      return openForm(context, { ...parsed.args, ...reason });
    case 'refused':
      return refused(parsed.refusals, { buttons: parsed.suggestions.map((one) => suggestion(context, one)) });
  }
}

/** Only a fresh press runs what might have been meant; where customers are concerned it is asked once more. */
function suggestion(context: CommandContext, line: string) {
  const parsed: Parsed = parse(line, context);
  const facing = parsed.kind === 'command' && parsed.spec.acts(parsed.args) && concernsCustomers(context, parsed.args);
  const confirm = { title: 'Is this what you meant?', text: clip(line, 300), yes: 'Run It' };
  return runButton(line, line, facing ? { confirm } : {});
}

function concernsCustomers({ catalog }: CommandContext, { service, environment }: Args): boolean {
  if (service === undefined || environment === undefined) return false;
  return catalog.services[service]?.targets[environment]?.customerFacing === true;
}

async function perform(context: CommandContext, spec: CommandSpec, args: Args): Promise<Reply> {
  if (context.caller.external && spec.acts(args)) return outsider(context);
  return spec.run(context, args);
}

function outsider({ unread }: CommandContext): Reply {
  if (unread) return refused([unreadRefusal()]);
  return refused([
    refusal(
      'external-person',
      'People from outside this workspace may look, but not act.',
      'Ask somebody of the team to do it.',
    ),
  ]);
}

function unreadRefusal() {
  return refusal(
    'try-again',
    'The chat could not say whether you are from outside this workspace, so nothing was done.',
    'Try again in a moment; if it stays so, tell an operator.',
  );
}

async function openForm(
  context: CommandContext,
  wanted: { readonly [F in keyof FormFields]?: FormFields[F] | undefined },
): Promise<Reply> {
  if (context.caller.external) return outsider(context);
  const { service, environment, ref, reason, inputs } = wanted;
  const fields: FormFields = {
    ...(service === undefined ? {} : { service }),
    ...(environment === undefined ? {} : { environment }),
    ...(ref === undefined ? {} : { ref }),
    ...(reason === undefined ? {} : { reason }),
    ...(inputs === undefined ? {} : { inputs }),
  };
  return { kind: 'form', form: await formOf(context.catalog, context.reading, fields, [], context.clock.now()) };
}

/** A form becomes the same request as a typed line; what is wrong with a field is said at the field. */
async function obeyForm(context: CommandContext, fields: Readonly<Record<string, string>>): Promise<Reply> {
  if (context.caller.external) return outsider(context);
  const { wish, errors } = readFields(context.catalog, fields);
  if (wish === undefined) return { kind: 'mend', errors };
  const answered = await context.door.request(context.caller, wish);
  const mend = answered.kind === 'refused' ? fieldErrors(answered.refusals) : undefined;
  if (mend !== undefined) return { kind: 'mend', errors: mend };
  return outcome(answered, (deployment) => requested(context, deployment));
}

async function chooseRef({ reading, refs }: InboxParts, text: string, typed?: string): Promise<readonly Choice[]> {
  const service = typed === undefined ? undefined : findService(reading.catalog(), typed);
  if (service === undefined || refs === undefined) return [];
  const found = await refs(service.id, tidy(text));
  return found
    .slice(0, CHOICE_LIMIT)
    .map(({ name, sha, kind }) => ({ value: name, label: clip(name, 75), hint: `${kind} · ${shortSha(sha)}` }));
}
