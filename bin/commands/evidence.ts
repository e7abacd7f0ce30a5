import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { counted } from '../../src/domain/text.ts';
import { loadEvidence, loadPeriod, type Period } from '../../src/evidence/load.ts';
import {
  EVIDENCE_FORMATS,
  type EvidenceFormat,
  isEvidenceFormat,
  type Print,
  writtenPeriod,
  writtenRecord,
} from '../../src/evidence/written.ts';
import type { Store } from '../../src/ports/store.ts';
import type { OpenStore } from './audit.ts';
import { type Installation, withInstallation } from './installation.ts';
import { type CommandIo, ended } from './io.ts';
import { readTime } from './times.ts';

interface Wish extends Partial<Period> {
  readonly format: EvidenceFormat;
  readonly out?: string;
}

/** What the command is given of an installation. */
export interface EvidenceMeans {
  readonly openStore: OpenStore;
  readonly print: (installation: Installation) => Promise<Print>;
}

/** `evidence D-12` for one deployment, `evidence --from … --to …` for all of a period. */
export function addEvidenceCommand(program: Command, { openStore, print }: EvidenceMeans, io: CommandIo): void {
  withInstallation(program.command('evidence'))
    .description('Write what an auditor asks about a deployment, or about all of a period.')
    .argument('[deployment]', 'e.g. D-1042')
    .option('--from <time>', 'first moment, ISO 8601', readTime)
    .option('--to <time>', 'first moment that is left out, ISO 8601', readTime)
    .option('--service <service>', 'only this service')
    .option('--environment <environment>', 'only this environment')
    .option('--format <format>', Object.keys(EVIDENCE_FORMATS).join(', '), readFormat, 'md')
    .option('--out <file>', 'write to a file instead of standard output')
    .action((deployment: string | undefined, options: Installation & Wish) =>
      ended(io, async () => {
        const means = await print(options);
        const store = await openStore(options);
        return writeEvidence(store, deployment, { ...options, print: means }, io).finally(() => store.close());
      }),
    );
}

/** Exit code 1: there is no such deployment, or it was not said what is meant. */
async function writeEvidence(
  store: Store,
  deployment: string | undefined,
  { format, out, from, to, service, environment, print }: Wish & { readonly print: Print },
  io: CommandIo,
): Promise<number> {
  if (deployment !== undefined) {
    const id = `D-${deployment.replace(/^d-/i, '')}`;
    const record = await loadEvidence(store, id);
    if (record === undefined) {
      io.err(`There is no deployment "${id.replace(/\p{Cc}/gu, ' ')}". \`audit export\` lists them all.\n`);
      return 1;
    }
    await deliver(writtenRecord(record, format, print), format, out, io);
    return 0;
  }
  if (from === undefined || to === undefined || from >= to) {
    io.err('Name a deployment, or a period with --from and --to, the earlier one first.\n');
    return 1;
  }
  const narrowed = {
    ...(service === undefined ? {} : { service }),
    ...(environment === undefined ? {} : { environment }),
  };
  const evidence = await loadPeriod(store, { from, to, ...narrowed });
  await deliver(writtenPeriod(evidence, format, print), format, out, io);
  const unusual = evidence.rows.filter(({ exceptions }) => exceptions.length > 0).length;
  io.err(`${counted(evidence.rows.length, 'deployment')}, ${unusual} of them with exceptions.\n`);
  return 0;
}

/** A file comes into being whole or not at all. */
async function deliver(
  pieces: AsyncIterable<Uint8Array>,
  format: EvidenceFormat,
  out: string | undefined,
  io: CommandIo,
): Promise<void> {
  if (out === undefined) {
    if (format === 'pdf') throw new Error('A PDF is not for the terminal. Name a file with --out.');
    for await (const piece of pieces) io.out(Buffer.from(piece).toString('utf8'));
    return;
  }
  const beside = `${out}.part`;
  try {
    await pipeline(pieces, createWriteStream(beside, { mode: 0o600 }));
    await rename(beside, out);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

function readFormat(text: string): EvidenceFormat {
  if (isEvidenceFormat(text)) return text;
  throw new InvalidArgumentError(`Choose ${Object.keys(EVIDENCE_FORMATS).join(', ')}.`);
}
