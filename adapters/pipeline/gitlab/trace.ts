import { stripVTControlCharacters } from 'node:util';

/** Marks of foldable parts: docs.gitlab.com/ci/jobs/job_logs, "Custom collapsible sections". */
const SECTION = /section_(?:start|end):\d+:[\w.-]+(?:\[[^\]]*\])?\r?/g;
/** What runners put in front of each line: the time, and the stream (`00O`, `01E`; `+` goes on with the line before). */
const PREFIX = /^\d{4}-\d\d-\d\dT[\d:.]+Z \d\d[OE](\+)?[ ]?/;

/** The end of a job's log as people read it: without colours, marks of sections and times, and of a line written over only the last. */
export function readable(trace: string, lines: number): string {
  const bare: string[] = [];
  for (const raw of trace.split(/\r?\n/)) {
    const plain = stripVTControlCharacters(raw).replace(SECTION, '');
    const prefix = PREFIX.exec(plain);
    const text = lastWritten(prefix === null ? plain : plain.slice(prefix[0].length).replace(SECTION, ''));
    const last = bare.length - 1;
    if (prefix?.[1] === '+' && last >= 0) bare[last] += text;
    else bare.push(text);
  }
  return bare.slice(-lines).join('\n').trim();
}

/** A carriage return begins the line anew. */
function lastWritten(line: string): string {
  return line.replace(/\r+$/, '').split('\r').at(-1) ?? '';
}
