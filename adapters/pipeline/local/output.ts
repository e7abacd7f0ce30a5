import { appendFileSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import type { RunFolder } from './run-folder.ts';
import type { ArtifactEvent, StepEvent } from './schema.ts';
import { errorLine, MOST_STEPS, markerOf, readable } from './steps.ts';

/** A command that prints without end must not fill the disk. */
const MOST_BYTES = 20 * 1024 * 1024;
const LONGEST_LINE = 16 * 1024;
/** Lines that name an artifact; a command may repeat itself. */
const MOST_NAMED = 1000;

/** Takes what the command prints: keeps it as the log, and notes the steps with the moment they were announced, and the artifacts. */
export interface Output {
  take(chunk: Buffer): void;
  /** The line that says best why it failed. Call once, after the last chunk. */
  complaint(): string | undefined;
}

export function outputInto(folder: RunFolder): Output {
  const decoder = new StringDecoder('utf8');
  let [rest, lastLine, lastError] = ['', '', ''];
  let [bytes, steps, artifacts] = [0, 0, 0];

  function note(event: StepEvent): void {
    steps += 1;
    if (steps <= MOST_STEPS) appendFileSync(folder.steps, `${JSON.stringify(event)}\n`, { mode: 0o600 });
  }

  function noteArtifact(event: ArtifactEvent): void {
    artifacts += 1;
    if (artifacts <= MOST_NAMED) appendFileSync(folder.artifacts, `${JSON.stringify(event)}\n`, { mode: 0o600 });
  }

  function line(text: string): void {
    const marker = markerOf(text);
    const at = new Date().toISOString();
    if (marker?.kind === 'step') note({ at, step: marker.name });
    else if (marker?.kind === 'plan') note({ at, plan: [...marker.names] });
    else if (marker?.kind === 'artifact') noteArtifact(marker.artifact ?? { malformed: true });
    else if (marker?.kind === 'error') lastError = marker.text;
    else if (readable(text).trim() !== '') lastLine = text;
  }

  function keep(chunk: Buffer): void {
    if (bytes > MOST_BYTES) return;
    bytes += chunk.length;
    appendFileSync(folder.log, chunk, { mode: 0o600 });
    if (bytes > MOST_BYTES) appendFileSync(folder.log, '\n(The log is cut here, because it is longer than 20 MB.)\n');
  }

  return {
    take(chunk) {
      keep(chunk);
      const lines = (rest + decoder.write(chunk)).split('\n');
      rest = (lines.pop() ?? '').slice(-LONGEST_LINE);
      for (const text of lines) line(text);
    },
    complaint() {
      if (rest !== '') line(rest);
      const text = errorLine(lastError === '' ? lastLine : lastError);
      return text === '' ? undefined : text;
    },
  };
}
