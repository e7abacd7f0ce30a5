import type { Checked, CheckFrame } from './checks.ts';
import { type GroupWish, keptBy } from './group-schema.ts';
import { suggestion } from './nearest.ts';
import { keysOf, type Path, type Problem, valueAt } from './problem.ts';
import { allRefer, refers } from './refers.ts';
import { targetWishes } from './service-schema.ts';

/** Systems whose accounts people may have although no chat or source of that name exists. */
const OTHER_SYSTEMS: readonly string[] = ['email'];

/** Every name that refers to something the file does not define. */
export function unknownNames(frame: CheckFrame): Checked {
  const faults = [...ofServices(frame), ...ofGroups(frame), ...ofAnnouncements(frame)];
  return { faults, warnings: [...strangeSystems(frame), ...silentChats(frame)] };
}

function* ofServices(frame: CheckFrame): Generator<Problem> {
  for (const [id, service] of Object.entries(frame.configuration.services)) {
    const at: Path = ['services', id];
    yield* refers(frame, 'source', service.repository.source, [...at, 'repository', 'source']);
    for (const [index, environment] of [...targetWishes(service).keys()].entries()) {
      const listed = Array.isArray(service.environments);
      yield* refers(frame, 'environment', environment, [...at, 'environments', listed ? index : environment], !listed);
    }
  }
}

function* ofGroups(frame: CheckFrame): Generator<Problem> {
  for (const [id, group] of Object.entries(frame.configuration.groups)) yield* ofGroup(frame, ['groups', id], group);
}

function* ofGroup(frame: CheckFrame, at: Path, group: GroupWish): Generator<Problem> {
  if ('people' in group) yield* allRefer(frame, 'person', group.people, [...at, 'people']);
  else if ('rotation' in group) yield* allRefer(frame, 'person', group.rotation, [...at, 'rotation']);
  else if ('team' in group) yield* refers(frame, 'source', group.source, [...at, 'source']);
  else if (!('calendar' in group)) {
    const { chat, key } = keptBy(group);
    if (keysOf(valueAt(frame.content, ['chats'])).includes(chat)) return;
    const remedy = suggestion(chat, chatTypes(frame), `Add \`${chat}\` under \`chats\`.`);
    yield {
      path: [...at, key],
      at: 'value',
      message: `The chat "${chat}" keeps this group but is not configured`,
      remedy: chatTypes(frame).includes(chat) ? `Add \`${chat}\` under \`chats\`.` : remedy,
    };
  }
}

function* ofAnnouncements(frame: CheckFrame): Generator<Problem> {
  for (const [index, one] of frame.configuration.announce.entries()) {
    const at: Path = ['announce', index];
    if (one.service !== '*') yield* refers(frame, 'service', one.service, [...at, 'service']);
    if (one.environment !== '*') yield* refers(frame, 'environment', one.environment, [...at, 'environment']);
    yield* allRefer(frame, 'person', one.people, [...at, 'people']);
    const { chat } = one.place;
    if (chatTypes(frame).includes(chat)) continue;
    const remedy = suggestion(chat, chatTypes(frame), 'Remove it.');
    yield { path: [...at, 'place'], at: 'value', message: `There is no chat "${chat}"`, remedy };
  }
}

function chatTypes(frame: CheckFrame): readonly string[] {
  return frame.parts.chats.map(({ type }) => type);
}

/** A misspelt system ties nobody to anything, and nobody would notice until somebody may not approve. */
function* strangeSystems(frame: CheckFrame): Generator<Problem> {
  const known = [...chatTypes(frame), ...frame.parts.sources.map(({ type }) => type), ...OTHER_SYSTEMS];
  for (const [index, person] of frame.configuration.people.entries()) {
    for (const system of Object.keys(person.accounts)) {
      if (known.includes(system)) continue;
      const remedy = suggestion(system, known, 'Remove it.');
      yield {
        path: ['people', index, 'accounts', system],
        at: 'key',
        message: `No system "${system}" is known`,
        remedy,
      };
    }
  }
}

function* silentChats(frame: CheckFrame): Generator<Problem> {
  const chats = keysOf(valueAt(frame.content, ['chats']));
  const speaking = chats.length === 0 ? ['console'] : chats;
  for (const [index, { place }] of frame.configuration.announce.entries()) {
    if (speaking.includes(place.chat) || !chatTypes(frame).includes(place.chat)) continue;
    const message = `Nothing is announced here, because the chat "${place.chat}" is not configured`;
    yield {
      path: ['announce', index, 'place'],
      at: 'value',
      message,
      remedy: `Add \`${place.chat}\` under \`chats\`.`,
    };
  }
}
