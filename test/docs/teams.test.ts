import { describe, expect, it } from 'vitest';
import { teamsSettings } from '../../adapters/chat/teams/schema.ts';
import { configurationParts } from '../../bin/parts.ts';
import { loadConfiguration } from '../../src/config/load.ts';
import { GOOD } from '../config/parts.ts';
import { textOf } from './examples.ts';

const own = configurationParts();
const chats = [...own.chats.filter(({ type }) => type !== 'teams'), { type: 'teams', settings: teamsSettings }];
const settings = { appId: '11112222-bbbb-3333-cccc-4444dddd5555', secret: 'env:TEAMS_SECRET' };
const place = { chat: 'teams', tenant: '', channel: '19:a1b2c3d4@thread.tacv2' };

describe('Microsoft Teams', () => {
  it('is set up in the README by a configuration without faults', () => {
    const section = /^## With Microsoft Teams$([\s\S]*?)^##+ /m.exec(textOf('README.md'))?.[1] ?? '';
    const block = /^ {3}```yaml$([\s\S]*?)^ {3}```$/m.exec(section)?.[1] ?? '';
    const text = `${GOOD}\n${block.replace(/^ {3}/gm, '')}`;

    const loaded = loadConfiguration(text, 'README.md', { ...own, chats });

    expect(loaded).toMatchObject({ ok: true, configuration: { chats: { teams: settings }, announce: [{ place }] } });
  });

  it('can be switched on in countersign.example.yaml by taking the marks away', () => {
    const text = textOf('countersign.example.yaml').replace(/^ {2}# (?=teams:|- | {2}\w+: )/gm, '  ');

    const loaded = loadConfiguration(text, 'countersign.example.yaml', { ...own, chats });

    expect(loaded).toMatchObject({ ok: true, warnings: [], configuration: { chats: { slack: {}, teams: settings } } });
    expect(loaded.ok && loaded.catalog.subscriptions.at(-1)?.place).toEqual(place);
  });
});
