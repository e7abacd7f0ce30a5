import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { slackManifest } from '../../adapters/chat/slack/manifest.ts';
import { teamsManifest } from '../../adapters/chat/teams/manifest.ts';
import { pipelineAdapters } from '../../adapters/index.ts';
import { commands } from '../../commands/index.ts';
import { configurationJsonSchema } from '../../src/config/json-schema.ts';
import { configurationParts } from '../parts.ts';
import { commandReference } from './commands.ts';
import { jsonText } from './json-text.ts';
import { providersDetails, providersTable } from './providers.ts';
import { configurationReference } from './reference.ts';
import { manifestCommands } from './specs.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const COMMAND = '/deploy';
/** Stands for the id of a real app; `countersign teams package` writes the manifest of an installation. */
const NO_APP = '00000000-0000-0000-0000-000000000000';

/** Every file that is made from the code, wholly or in part, by its path in the repository, as it should be. */
export async function generatedFiles(): Promise<ReadonlyMap<string, string>> {
  const parts = configurationParts();
  const wish = { command: COMMAND, commands: manifestCommands() };
  const [readme = '', page = ''] = await Promise.all(
    ['README.md', 'docs/providers.md'].map((path) => readFile(join(ROOT, path), 'utf8')),
  );
  return new Map([
    ['countersign.schema.json', jsonText(configurationJsonSchema(parts))],
    ['manifest.json', jsonText(slackManifest(wish))],
    [
      'adapters/chat/teams/app/manifest.json',
      jsonText(teamsManifest({ ...wish, appId: NO_APP, name: 'Countersign', version: '1.0.0' })),
    ],
    [
      'README.md',
      withPieces(readme, 'README.md', {
        configuration: configurationReference(parts),
        commands: commandReference(COMMAND, commands),
        providers: providersTable(pipelineAdapters.values()),
      }),
    ],
    [
      'docs/providers.md',
      withPieces(page, 'docs/providers.md', { providers: providersDetails(pipelineAdapters.values()) }),
    ],
  ]);
}

/** Paths of generated files that are not what they should be; a file that is missing counts. */
export async function drifted(files: ReadonlyMap<string, string>): Promise<readonly string[]> {
  const found: string[] = [];
  for (const [path, text] of files) {
    if ((await readFile(join(ROOT, path), 'utf8').catch(() => undefined)) !== text) found.push(path);
  }
  return found;
}

/**
 * Puts each piece between its markers, `<!-- generated:name -->` and `<!-- /generated:name -->`.
 * @throws an error when a marker is missing, so that a piece cannot get lost unnoticed
 */
export function withPieces(text: string, path: string, pieces: Readonly<Record<string, string>>): string {
  let whole = text;
  for (const [name, piece] of Object.entries(pieces)) {
    const [begin, end] = [`<!-- generated:${name} -->`, `<!-- /generated:${name} -->`];
    const from = whole.indexOf(begin);
    const to = whole.indexOf(end);
    if (from < 0 || to < from) throw new Error(`${path} lacks the lines ${begin} and ${end}.`);
    whole = `${whole.slice(0, from + begin.length)}\n\n${piece}\n\n${whole.slice(to)}`;
  }
  return whole;
}
