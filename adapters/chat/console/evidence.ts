import { loadEvidence, loadPeriod, type Period } from '../../../src/evidence/load.ts';
import {
  EVIDENCE_FORMATS,
  type EvidenceFormat,
  type Print,
  writtenPeriod,
  writtenRecord,
} from '../../../src/evidence/written.ts';
import { missingPage } from './pages/deployment.ts';
import { evidencePage, type PeriodForm, periodPage, readPeriodForm, usualPeriod } from './pages/evidence.ts';
import type { Frame } from './pages/layout.ts';
import { page, type Site } from './site.ts';

/** What is asked for below `/deployments/`: the evidence of a deployment, as a page or in a form to keep. */
export interface EvidenceWish {
  readonly id: string;
  readonly format?: EvidenceFormat;
}

/** `D-1042/evidence`, `D-1042/evidence.pdf`; undefined when it is the deployment itself that is asked for. */
export function evidenceWish(path: string): EvidenceWish | undefined {
  const [, id, format] = /^([^/]+)\/evidence(?:\.(json|md|pdf))?$/.exec(path) ?? [];
  if (id === undefined) return undefined;
  return format === undefined ? { id } : { id, format: format as EvidenceFormat };
}

/** The record of one deployment. Its links hold no address of ours, so that the hash is the one of the command line. */
export async function showEvidence({ tools }: Site, frame: Frame, { id, format }: EvidenceWish): Promise<Response> {
  const record = await loadEvidence(tools.reading, id);
  if (record === undefined) return page(missingPage(frame, id), 404);
  if (format === undefined) return page(evidencePage(frame, record));
  const name = `evidence-${record.deployment}`;
  return download(writtenRecord(record, format, printOf(tools)), format, name);
}

/** The form of a period; with its dates filled in, the report. Dates that cannot be read are told above the form. */
export async function showPeriod({ tools }: Site, frame: Frame, query: URLSearchParams): Promise<Response> {
  if (!query.has('from') && !query.has('to')) return page(periodPage(frame, usualPeriod(tools.clock.now())));
  const asked = readPeriodForm(query);
  if ('problem' in asked) return page(periodPage(frame, asked.form, asked.problem), 400);
  const evidence = await loadPeriod(tools.reading, periodOf(asked.form));
  const { format, from, to } = asked.form;
  return download(writtenPeriod(evidence, format, printOf(tools)), format, `evidence-${from}-to-${to}`);
}

function printOf({ name, font }: Site['tools']): Print {
  return font === undefined ? { installation: name } : { installation: name, font };
}

/** Days begin at midnight in UTC. */
function periodOf({ from, to, service, environment }: PeriodForm): Period {
  return {
    from: `${from}T00:00:00.000Z`,
    to: `${to}T00:00:00.000Z`,
    ...(service === '' ? {} : { service }),
    ...(environment === '' ? {} : { environment }),
  };
}

/** Sent while it is made; the browser keeps it as a file and shows nothing of it as a page of ours. */
function download(pieces: AsyncIterable<Uint8Array>, format: EvidenceFormat, name: string): Response {
  const safe = name.replace(/[^\w.-]/g, '_');
  return new Response(ReadableStream.from(pieces), {
    headers: {
      'content-type': EVIDENCE_FORMATS[format],
      'content-disposition': `attachment; filename="${safe}.${format}"`,
      'cache-control': 'no-store',
    },
  });
}
