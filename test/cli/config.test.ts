import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { changed, GOOD, loadWhole } from '../config/parts.ts';
import { run } from './cli-under-test.ts';

const folder = mkdtempSync(join(tmpdir(), 'countersign-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

function written(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

describe('config check', () => {
  it('sums up a good configuration, with its version', async () => {
    const { code, out, err } = await run(['config', 'check', '--file', written('good.yaml', GOOD)]);

    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toBe(
      'The configuration is good: 1 service, 2 targets, 2 environments, 2 people, 1 group; chat: console only.\n' +
        `Version ${loadWhole(GOOD).catalog.version}\n`,
    );
  });

  it('prints every fault on a line that editors can jump to', async () => {
    const file = written('bad.yaml', changed('type: git }', 'type: gti }', changed('Web shop', '[]')));

    const { code, out, err } = await run(['config', 'check', '--file', file]);

    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err.split('\n')).toEqual([
      `${file}:3:17 sources.here.type: This is not one of: github, git. Did you mean "git"?`,
      expect.stringMatching(/bad\.yaml:24:12 services\.web\.title: This should be text, not a list\. /),
      '2 faults. Countersign would not start with this file.',
      '',
    ]);
  });

  it('prints warnings, and is content all the same', async () => {
    const file = written('odd.yaml', changed('console: ben', 'githbu: ben'));

    const { code, err } = await run(['config', 'check', '--file', file]);

    expect(code).toBe(0);
    expect(err).toMatch(
      /^warning: .*odd\.yaml:10:39 people\[1\]\.accounts\.githbu: No system "githbu" is known\. Did you mean "github"\?\n$/,
    );
  });

  it('ends with another code when there is no file', async () => {
    const { code, err } = await run(['config', 'check', '--file', join(folder, 'none.yaml')]);

    expect(code).toBe(2);
    expect(err).toMatch(
      /none\.yaml cannot be read \(ENOENT\)\. Name the file with --file, or copy countersign\.example\.yaml\.\n$/,
    );
  });
});

describe('config schema', () => {
  it('prints a JSON Schema with the settings of every adapter', async () => {
    const { code, out } = await run(['config', 'schema']);
    const schema = JSON.parse(out);

    expect(code).toBe(0);
    expect(schema.properties.chats.properties.console.properties.enabled.description).toBe('Serve the console.');
    expect(schema.properties.sources.additionalProperties.anyOf).toHaveLength(2);
    expect(schema.properties.services.additionalProperties.properties.pipeline.anyOf[1].required).toEqual([
      'provider',
      'workflow',
    ]);
  });
});
