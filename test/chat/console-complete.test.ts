import { describe, expect, it } from 'vitest';
import { complete, VERBS } from '../../adapters/chat/console/complete.ts';
import { commands } from '../../commands/index.ts';
import { CATALOG } from '../fakes/console-catalog.ts';
import { DEPLOYMENTS } from '../fakes/console-deployments.ts';

const team = (id: string) => (id === 'web' ? 'shop' : 'data and search');
const services = Object.entries(CATALOG.services).map(([id, one]) => [id, { ...one, team: team(id) }] as const);
const TEAMS = { ...CATALOG, services: Object.fromEntries(services) };
const asked: (readonly [string, string])[] = [];
const known = {
  catalog: TEAMS,
  deployments: async () => DEPLOYMENTS,
  refs: async (service: string, text: string) => {
    asked.push([service, text]);
    return ['main', 'v3.1.0'].map((name) => ({ value: name, label: name, hint: '1a2b3c4' }));
  },
};

async function offered(line: string): Promise<readonly string[]> {
  return (await complete(line, known)).map(({ value }) => value);
}

describe('completion', () => {
  it('knows every command, and no other', () => {
    const names = commands.map(({ name }) => name).filter((name) => name !== 'run');

    expect(Object.keys(VERBS).sort()).toEqual(names.sort());
  });

  it.each([
    ['sta', ['status', 'search']],
    ['we', ['web']],
    ['web ', ['staging', 'production']],
    ['web prod', ['production']],
    ['web to st', ['staging']],
    ['search ', ['staging']],
    ['WEB@v3 pr', ['production']],
    ['run we', ['web']],
    ['run web p', ['production']],
    ['status w', ['web']],
    ['rollback web ', ['staging', 'production']],
    ['approve 1047', ['D-1047']],
    [
      'reject D-104',
      ['D-1049', 'D-1048', 'D-1047', 'D-1046', 'D-1045', 'D-1044', 'D-1043', 'D-1042', 'D-1041', 'D-1040'],
    ],
    ['reject D-1047 because ', []],
    ['web production --d', ['--dry-run']],
    ['no-such x', []],
    ['help ', []],
    ['dora w', ['web']],
    ['dora web pr', ['production']],
    ['dora --t', ['--team']],
    ['dora --team ', ['"data and search"', 'shop']],
    ['dora --team sh', ['shop']],
    ['dora --team shop ', ['web', 'api', 'search']],
    ['dora --team shop web pr', ['production']],
    ['dora --team shop -', []],
    ['dora web ', ['staging', 'production', '--team']],
  ])('of "%s" offers %j', async (line, expected) => {
    const found = await offered(line);

    if (line === 'sta') expect(found[0]).toBe('status');
    else expect(found).toEqual(expected);
  });

  it('of a service and a sign asks the service’s repository for refs', async () => {
    asked.length = 0;

    expect(await offered('web@ma')).toEqual(['web@main', 'web@v3.1.0']);
    expect(await offered('nothing@ma')).toEqual([]);
    expect(asked).toEqual([['web', 'ma']]);
  });

  it('of an empty line offers a page’s worth', async () => {
    expect(await offered('')).toHaveLength(10);
  });
});
