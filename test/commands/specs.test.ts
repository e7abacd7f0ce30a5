import { describe, expect, it } from 'vitest';
import { commands } from '../../commands/index.ts';
import { parse } from '../../commands/shared/parse.ts';
import { TOPICS } from '../../commands/shared/spec.ts';
import { usageHint, usageLines, usageOf } from '../../commands/shared/usage.ts';
import { catalog, codesOf, runLines, told, wordsIn, world } from './world.ts';

const named = commands.map((spec) => [spec.name, spec] as const);

describe('every command', () => {
  it.each(named)('%s has one sentence, a usage and examples that are read as this very command', (name, spec) => {
    expect(spec.summary).toMatch(/^[A-Z][^\n]*\.$/);
    expect(usageOf(spec)).not.toBe('');
    expect(spec.examples.length).toBeGreaterThan(0);
    for (const example of spec.examples) {
      const parsed = parse(example.replaceAll('D-1042', 'D-7'), { commands, catalog });
      expect(parsed.kind === 'command' && parsed.spec.name, example).toBe(name);
    }
  });

  it.each(named)('%s is explained by help', async (name, spec) => {
    const { say } = world();

    const help = told(await say(`help ${name}`));

    const words = wordsIn(help);
    for (const line of [...usageLines(spec), ...spec.examples])
      expect(words).toContain(JSON.stringify(`/deploy ${line}`).slice(1, -1));
    expect(words).toContain(spec.summary);
  });

  it('bears a name of its own', () => {
    const names = commands.flatMap(({ name, aliases }) => [name, ...aliases]);

    expect(new Set(names).size).toBe(names.length);
  });
});

describe('usage', () => {
  it.each([
    [
      'run',
      '<service>[@<ref>] [to] <env> [--reason "…"] [--input name=value]... [--at "tomorrow 9:00"] [--override "why"] [--dry-run] [--yes]',
    ],
    ['status', 'status [service] [env]  |  status D-1042'],
    ['history', 'history [service] [env] [n<=50]'],
    ['reject', 'reject D-1042 <why>'],
    ['cancel', 'cancel D-1042 [why]'],
    [
      'rollback',
      'rollback <service> <env> [to <ref|D-1042>] [--reason "…"] [--yes]  |  rollback T-7 [--reason "…"] [--yes]',
    ],
    ['diff', 'diff <service>[@<ref>] [to] <env>  |  diff D-1042'],
    [
      'lock',
      'lock <service> <env> <why> [--for 2h] [--warn]  |  lock <everything|environment/…|region/…|service/…> <why> [--for 2h] [--warn]',
    ],
    ['refs', 'refs <service> [text]'],
    [
      'subscribe',
      'subscribe <service|*> <env|*> [mode:engineering|card|line|broadcast|digest] [--cadence daily|weekly] [--events started,failed] [--refs main,release] [--people anna,ben] [--kinds hotfix]',
    ],
    ['help', 'help [topic]'],
  ])('of %s is made of its shape', (name, usage) => {
    const spec = commands.find((one) => one.name === name);

    expect(spec && usageOf(spec)).toBe(usage);
  });

  it('gives a hint that fits beside the command and names every verb', () => {
    const hint = usageHint(commands);

    expect(hint.length).toBeLessThanOrEqual(1000);
    for (const { name, verbless } of commands) if (!verbless) expect(hint).toContain(name);
  });
});

describe('help', () => {
  it('lists every command under its topic', async () => {
    const help = told(await world().say('help'));

    expect(help.sections.map(({ title }) => title)).toHaveLength(Object.keys(TOPICS).length);
    expect(help.sections.flatMap(({ items }) => items)).toHaveLength(commands.length);
    expect(help.summary.length).toBeLessThanOrEqual(300);
  });

  it('tells one topic', async () => {
    const help = told(await world().say('help channels'));

    expect(help.sections).toHaveLength(1);
    expect(wordsIn(help)).toContain('subscribe <service|*>');
  });

  it('offers what may have been meant', async () => {
    const reply = await world().say('help rolback');

    expect(codesOf(reply)).toEqual(['unknown-command']);
    expect(runLines(told(reply).buttons)).toContain('help rollback');
  });
});
