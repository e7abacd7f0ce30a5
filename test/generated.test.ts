import { describe, expect, it } from 'vitest';
import { drifted, generatedFiles, withPieces } from '../bin/generated/files.ts';

describe('generated files', () => {
  it('are what the code says; otherwise run: npm run generate', async () => {
    const files = await generatedFiles();

    expect([...files.keys()]).toEqual([
      'countersign.schema.json',
      'manifest.json',
      'adapters/chat/teams/app/manifest.json',
      'README.md',
      'docs/providers.md',
    ]);
    expect(await drifted(files)).toEqual([]);
  });

  it('count as drifted when they are missing or different', async () => {
    const files = new Map([
      ['LICENSE', 'something else'],
      ['no-such-file', ''],
    ]);

    expect(await drifted(files)).toEqual(['LICENSE', 'no-such-file']);
  });
});

describe('a piece between markers', () => {
  it('replaces what stood there and leaves the rest alone', () => {
    const text = 'above\n<!-- generated:a -->\nold\n<!-- /generated:a -->\nbelow\n';

    const whole = withPieces(text, 'x.md', { a: 'new' });

    expect(whole).toBe('above\n<!-- generated:a -->\n\nnew\n\n<!-- /generated:a -->\nbelow\n');
    expect(withPieces(whole, 'x.md', { a: 'new' })).toBe(whole);
  });

  it('cannot get lost with its marker', () => {
    expect(() => withPieces('<!-- generated:a -->', 'x.md', { a: 'new' })).toThrow('x.md lacks the lines');
  });
});
