import { describe, expect, it } from 'vitest';
import { commands } from '../../commands/index.ts';
import { parse } from '../../commands/shared/parse.ts';
import { catalog } from './world.ts';

function read(line: string): unknown {
  const parsed = parse(line, { commands, catalog });
  if (parsed.kind === 'refused') return parsed.refusals.map(({ sentence }) => sentence);
  return parsed.args.inputs;
}

describe('--input', () => {
  it.each<[string, Record<string, string>]>([
    ['web staging --input region=eu', { region: 'eu' }],
    ['web staging --input=region=eu', { region: 'eu' }],
    ['web staging —Input region=eu', { region: 'eu' }],
    ['web --input region=eu staging', { region: 'eu' }],
    ['web staging --input region=eu --input dry-run=yes', { region: 'eu', 'dry-run': 'yes' }],
    ['web staging --input note="two words"', { note: 'two words' }],
    ['web staging --input note=“two words”', { note: 'two words' }],
    ["web staging --input note='two words'", { note: 'two words' }],
    ['web staging --input=note="two words"', { note: 'two words' }],
    ['web staging --input "note=two words"', { note: 'two words' }],
    ['web staging --input="note=two words"', { note: 'two words' }],
    ['web staging --input note="say \\"when\\""', { note: 'say "when"' }],
    ['web staging --input note="--yes" --yes', { note: '--yes' }],
    ['web staging --input sum=a=b', { sum: 'a=b' }],
    ['web staging --input sum="a=b c"', { sum: 'a=b c' }],
    ['web staging --input __proto__=x --input refusal=y', { ['__proto__']: 'x', refusal: 'y' }],
    ['hotfix web production it burns --input region=eu', { region: 'eu' }],
  ])('reads %s', (line, inputs) => {
    expect(read(line)).toEqual(inputs);
  });

  it.each<[string, string[]]>([
    ['web staging --input region=eu --input region=us', ['--input region is given twice.']],
    ['web staging --input region', ['--input region has no value.']],
    ['web staging --input region=', ['--input region has no value.']],
    ['web staging --input note="  "', ['--input note has no value.']],
    ['web staging --input', ['--input names nothing that is handed in.']],
    ['web --input region=eu', ['It was not said which environment.']],
    ['web --at "tomorrow 9:00"', ['It was not said which environment.']],
    ['web --override "it must go"', ['It was not said which environment.']],
    ['web --dry-run', ['It was not said which environment.']],
    ['web staging --input =eu', ['--input names nothing that is handed in.']],
    ['web staging --input --yes', ['--input names nothing that is handed in.']],
    ['web staging --input note="two words', ['The quote before "note=two words" is not closed.']],
    ['rollback web staging --input a=b', ['There is no flag "--input".', 'It is not clear what "a=b" means here.']],
  ])('refuses %s', (line, sentences) => {
    expect(read(line)).toEqual(sentences);
  });
});
