import { type Command, InvalidArgumentError } from 'commander';
import type { Head } from '../../src/domain/audit.ts';
import type { Store } from '../../src/ports/store.ts';
import { EXPORT_FORMATS, type ExportFormat, type ExportWish, exportAudit, type Signing } from './audit-export.ts';
import { keygen } from './audit-keygen.ts';
import { SHOWN, showStream } from './audit-stream.ts';
import { type VerifyWish, verifyAudit, verifyFile } from './audit-verify.ts';
import { type Installation, withInstallation } from './installation.ts';
import { type CommandIo, ended } from './io.ts';
import { readTime } from './times.ts';

/**
 * Opens the log of an installation that already exists.
 * @throws an error with a plain sentence when there is none: looking must never make an empty log
 */
export type OpenStore = (installation: Installation) => Promise<Store>;

/** What the audit commands are given of an installation. */
export interface AuditMeans {
  readonly openStore: OpenStore;
  /** What signs exports; nothing when the configuration names no key. */
  readonly signing: (installation: Installation) => Promise<Signing | undefined>;
}

/** `audit verify`, `audit export`, `audit keygen` and `audit show`. */
export function addAuditCommands(program: Command, { openStore, signing }: AuditMeans, io: CommandIo): void {
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
    .option('--file <file>', 'an exported file (jsonl) instead of the database')
    .option('--key <file...>', 'public keys that checkpoints must be signed with')
    .option('--checkpoint <file>', 'a checkpoint that was kept elsewhere')
    .action((options: Installation & VerifyWish) =>
      options.file === undefined
        ? using(options, (store) => verifyAudit(store, options, io))
        : ended(io, () => verifyFile(options.file ?? '', options, io)),
    );
  withData('export')
    .description('Write the entries of a span of time.')
    .option('--from <time>', 'first moment, ISO 8601', readTime)
    .option('--to <time>', 'first moment that is left out, ISO 8601', readTime)
    .option('--format <format>', EXPORT_FORMATS.join(' or '), readFormat, 'jsonl')
    .option('--out <file>', 'write to a file instead of standard output')
    .option('--no-checkpoint', 'do not sign the end of it, although the configuration names a key')
    .action((options: Installation & Omit<ExportWish, 'signing'> & { readonly checkpoint: boolean }) =>
      using(options, async (store) => {
        const signed = options.checkpoint ? await signing(options) : undefined;
        return exportAudit(store, { ...options, ...(signed === undefined ? {} : { signing: signed }) }, io);
      }),
    );
  audit
    .command('keygen')
    .description('Make a pair of keys for signed checkpoints.')
    .requiredOption('--out <file>', 'where the private key goes; the public one goes beside it')
    .action(({ out }: { out: string }) => ended(io, () => keygen(out, io)));
  withData('show')
    .description(
      'Print what happened to a deployment, or to what a lock closed, a review, a person, a target or a place.',
    )
    .argument('<what>', SHOWN)
    .action((what: string, options: Installation) => using(options, (store) => showStream(store, what, io)));
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

function readFormat(text: string): ExportFormat {
  const found = EXPORT_FORMATS.find((format) => format === text);
  if (found === undefined) throw new InvalidArgumentError(`Choose ${EXPORT_FORMATS.join(' or ')}.`);
  return found;
}
