import { type Command, InvalidArgumentError } from 'commander';
import { type Head, type Newer, verify } from '../../src/domain/audit.ts';
import { counted } from '../../src/domain/text.ts';
import { VOCABULARY } from '../../src/domain/vocabulary.ts';
import type { Store } from '../../src/ports/store.ts';
import { EXPORT_FORMATS, type ExportFormat, type ExportWish, exportAudit } from './audit-export.ts';
import { showDeployment } from './audit-show.ts';
import { type Installation, withInstallation } from './installation.ts';
import { type CommandIo, ended } from './io.ts';

/**
 * Opens the log of an installation that already exists.
 * @throws an error with a plain sentence when there is none: looking must never make an empty log
 */
export type OpenStore = (installation: Installation) => Promise<Store>;

/** `audit verify`, `audit export` and `audit show`. */
export function addAuditCommands(program: Command, openStore: OpenStore, io: CommandIo): void {
  const audit = program.command('audit').description('Look at the tamper-evident log.');
  const using = (options: Installation, work: (store: Store) => Promise<number>) =>
    ended(io, async () => {
      const store = await openStore(options);
      return work(store).finally(() => store.close());
    });
  const withData = (name: string) => withInstallation(audit.command(name));

  withData('verify')
    .description('Walk the whole log and name the first entry that is not what was written.')
    .option('--head <seq:hash>', 'a head noted earlier, to see that nothing was cut off since', readHead)
    .action((options: Installation & { head?: Head }) =>
      using(options, (store) => verifyAudit(store, options.head, io)),
    );
  withData('export')
    .description('Write the entries of a span of time.')
    .option('--from <time>', 'first moment, ISO 8601', readTime)
    .option('--to <time>', 'first moment that is left out, ISO 8601', readTime)
    .option('--format <format>', EXPORT_FORMATS.join(' or '), readFormat, 'jsonl')
    .option('--out <file>', 'write to a file instead of standard output')
    .action((options: Installation & ExportWish) => using(options, (store) => exportAudit(store, options, io)));
  withData('show')
    .description('Print what happened to one deployment.')
    .argument('<deployment>', 'e.g. D-1042')
    .action((id: string, options: Installation) => using(options, (store) => showDeployment(store, id, io)));
}

/**
 * Exit code 0: whole; 1: something was changed; 2: whole, but rows could not be compared, because only a newer version knows all of
 * their forms. The head is printed, to be noted down and given to `--head` later.
 */
async function verifyAudit(
  store: Pick<Store, 'found' | 'differences'>,
  noted: Head | undefined,
  io: CommandIo,
): Promise<number> {
  const verdict = await verify(store.found(), noted);
  if (verdict.kind === 'broken') {
    const { seq, stream, what } = verdict;
    io.err(`The log is broken at entry ${seq}${stream === '' ? '' : ` (${stream})`}: ${what}.\n`);
    io.err('Keep the database as it is, and compare it with the last backup or export.\n');
    return 1;
  }
  const { entries, head, newer } = verdict;
  let different = 0;
  for await (const { stream, what } of store.differences()) {
    if (newer?.streams.has(stream) === true) continue;
    different += 1;
    io.err(`The row of ${stream} is not what the log says: ${what}.\n`);
  }
  io.out(`The log is whole: ${counted(entries, 'entry', 'entries')}. Head ${head.seq}:${head.hash}\n`);
  if (newer !== undefined) io.err(newerWords(newer));
  if (different === 0) return newer === undefined ? 0 : 2;
  io.err(`${counted(different, 'row')} changed outside of Countersign; the log itself was not.\n`);
  return 1;
}

function newerWords({ needs, streams }: Newer): string {
  const what = `${counted(streams.size, 'history', 'histories')} in it (${[...streams].slice(0, 3).join(', ')}${streams.size > 3 ? ', ...' : ''})`;
  return `A newer version of Countersign wrote to ${what}, in forms of vocabulary ${needs}; this version knows those up to ${VOCABULARY}. Their rows were not compared: let \`audit verify\` of that version do it.\n`;
}

/** `SEQ:HASH` as `audit verify` prints it. */
function readHead(text: string): Head {
  const [, seq, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (seq === undefined || hash === undefined) {
    throw new InvalidArgumentError(
      'Write it as `audit verify` printed it: the number, a colon and 64 hexadecimal digits.',
    );
  }
  return { seq: Number(seq), hash };
}

/** A date or moment; without an offset it is UTC, whatever the time zone of this machine. Becomes ISO 8601 in UTC. */
function readTime(text: string): string {
  const parts = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)(Z|[+-]\d{2}:\d{2})?)?$/.exec(text);
  const [, date = '', time = '00:00', offset = 'Z'] = parts ?? [];
  const moment = new Date(`${date}T${time}${offset}`);
  if (parts === null || Number.isNaN(moment.getTime()) || !isCalendarDate(date)) {
    throw new InvalidArgumentError('Write a date or moment, e.g. 2026-01-31 or 2026-01-31T18:00:00Z.');
  }
  return moment.toISOString();
}

/** JavaScript takes 30 February for 2 March. */
function isCalendarDate(date: string): boolean {
  return new Date(`${date}T00:00:00Z`).toISOString().startsWith(date);
}

function readFormat(text: string): ExportFormat {
  const found = EXPORT_FORMATS.find((format) => format === text);
  if (found === undefined) throw new InvalidArgumentError(`Choose ${EXPORT_FORMATS.join(' or ')}.`);
  return found;
}
