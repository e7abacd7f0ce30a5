import { Command } from 'commander';
import { type AuditMeans, addAuditCommands } from '../../bin/commands/audit.ts';
import { addConfigCommands } from '../../bin/commands/config.ts';
import type { CommandIo } from '../../bin/commands/io.ts';
import { addTeamsCommands } from '../../bin/commands/teams.ts';
import { EMPTY, type FoundEntry, type Head, seal, sealedText } from '../../src/domain/audit.ts';
import type { Deployment } from '../../src/domain/deployment.ts';
import type { DeploymentEvent, Entry } from '../../src/domain/event.ts';
import type { Person } from '../../src/domain/person.ts';
import type { Store } from '../../src/ports/store.ts';
import { parts } from '../config/parts.ts';

export interface Ran {
  readonly code: number | undefined;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line as the programme would, on a given store. */
export async function run(
  line: readonly string[],
  store?: Partial<Store>,
  own = parts,
  signing: AuditMeans['signing'] = async () => undefined,
): Promise<Ran> {
  const { said, io } = heard();
  const program = new Command('countersign').exitOverride();
  program.configureOutput({ writeOut: io.out, writeErr: io.err });
  addConfigCommands(program, own, io);
  addAuditCommands(program, { openStore: ({ data }) => storeOf(data, store), signing }, io);
  addTeamsCommands(program, own, '0.1.0', io);
  for (const group of program.commands) inherit(group, program);
  await program.parseAsync(line, { from: 'user' }).catch((error: unknown) => {
    said.code = error instanceof Error && 'exitCode' in error ? Number(error.exitCode) : 99;
  });
  return said;
}

/** A terminal that remembers what was said. */
export function heard(): {
  readonly said: { out: string; err: string; code: number | undefined };
  readonly io: CommandIo;
} {
  const said = { out: '', err: '', code: undefined as number | undefined };
  const io: CommandIo = {
    out(text) {
      said.out += text;
    },
    err(text) {
      said.err += text;
    },
    exit(code) {
      said.code = code;
    },
  };
  return { said, io };
}

function inherit(command: Command, from: Command): void {
  command.copyInheritedSettings(from);
  for (const inner of command.commands) inherit(inner, command);
}

async function storeOf(folder: string, store: Partial<Store> | undefined): Promise<Store> {
  if (store === undefined) throw new Error(`There is no log in ${folder}. Name the folder with --data.`);
  return { close: async () => {}, ...store } as Store;
}

export const ANNA: Person = { id: 'anna', name: 'Anna', known: true, accounts: [] };

/** A chain of entries of one deployment, a minute apart, as the store would have written them. */
export function chain(events: readonly DeploymentEvent[], by: Person = ANNA): readonly Entry[] {
  const entries: Entry[] = [];
  let head: Head = EMPTY;
  for (const [index, event] of events.entries()) {
    const at = new Date(Date.UTC(2026, 0, 31, 12, index)).toISOString();
    const { entry } = seal(head, { stream: 'deployment:D-1042', event, by, at }, index + 1);
    entries.push(entry);
    head = entry;
  }
  return entries;
}

/** A store that holds these entries and nothing else. */
export function holding(entries: readonly Entry[], found = entries.map(foundOf)): Partial<Store> {
  return {
    async entries({ stream, after = 0, from = '', to = '~', limit }) {
      const fitting = entries.filter((one) => one.seq > after && one.at >= from && one.at < to);
      return fitting.filter((one) => stream === undefined || one.stream === stream).slice(0, limit);
    },
    async *found() {
      yield* found;
    },
    async *differences() {},
    async deployment(id) {
      if (id !== 'D-1042' || entries.length === 0) return undefined;
      const requester = ANNA;
      return { id, service: 'web', environment: 'production', ref: 'main', state: 'rejected', requester } as Deployment;
    },
  };
}

export function foundOf(entry: Entry): FoundEntry {
  const { seq, stream, version, hash } = entry;
  return { seq, stream, version, hash, text: sealedText(entry) };
}
