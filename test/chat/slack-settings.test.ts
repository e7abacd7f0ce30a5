import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { slackManifest } from '../../adapters/chat/slack/manifest.ts';
import { slackSettings } from '../../adapters/chat/slack/schema.ts';

const socket = { botToken: 'env:BOT', appToken: 'env:APP', team: 'T1' };

describe('the Slack settings', () => {
  it('are Socket Mode unless said otherwise', () => {
    expect(slackSettings.parse(socket)).toEqual({ ...socket, mode: 'socket' });
  });

  it.each([
    ['Socket Mode without an app token', { botToken: 'env:BOT', team: 'T1' }, 'appToken', 'connections:write'],
    ['HTTP mode without a signing secret', { ...socket, mode: 'http' }, 'signingSecret', 'Basic Information'],
    ['a secret instead of a reference', { ...socket, botToken: 'xoxb-1-2' }, 'botToken', 'never the secret itself'],
    ['an empty reference', { ...socket, botToken: 'env:' }, 'botToken', 'reference'],
    ['a workspace by name', { ...socket, team: 'acme' }, 'team', 'id of the workspace'],
    ['no workspace', { botToken: 'env:BOT', appToken: 'env:APP' }, 'team', ''],
    ['an unknown key', { ...socket, appTokn: 'env:X' }, undefined, 'appTokn'],
    ['an address that is none', { ...socket, apiUrl: 'ftp://x' }, 'apiUrl', ''],
  ])('with %s are refused with the remedy', (_what, settings, path, words) => {
    const { error } = slackSettings.safeParse(settings);

    expect(error?.issues[0]?.path[0]).toBe(path);
    expect(error?.issues[0]?.message).toContain(words);
  });
});

describe('the app manifest', () => {
  const wish = {
    command: '/deploy',
    commands: Array.from({ length: 60 }, (_none, index) => ({
      name: `verb${index}`,
      usage: `verb${index} <service> <environment>`,
      summary: 'Does something that is described in a sentence of some length.',
    })),
  };
  const folder = join(import.meta.dirname, '../../../shared/specs/slack');
  const missing = !existsSync(join(folder, 'manifest.schema.json'));

  it.skipIf(missing).each([
    ['Socket Mode', wish],
    ['HTTP', { ...wish, httpUrl: 'https://deploy.example.test/' }],
    ['no command list', { command: '/ship', commands: [] }],
  ])("fits Slack's schema: %s (skipped where ../shared/specs/slack is not there)", (_what, one) => {
    const ajv = new Ajv({ strict: false, allErrors: true });
    addFormats.default(ajv);
    for (const version of ['1.0.0', '2.0.0']) {
      const part = JSON.parse(readFileSync(join(folder, `schemas_manifest.schema.${version}.json`), 'utf8'));
      ajv.addSchema(
        part,
        `https://raw.githubusercontent.com/slackapi/manifest-schema/v0.5.0/schemas/manifest.schema.${version}.json`,
      );
    }
    const validate = ajv.compile(JSON.parse(readFileSync(join(folder, 'manifest.schema.json'), 'utf8')));

    expect(validate(slackManifest(one)) ? [] : validate.errors).toEqual([]);
  });

  it('has one command with escaped words, and an address only for HTTP', () => {
    const [quiet, open] = [slackManifest(wish), slackManifest({ ...wish, httpUrl: 'https://deploy.example.test/' })];

    expect(quiet).toMatchObject({
      features: { slash_commands: [{ command: '/deploy', should_escape: true }] },
      settings: { socket_mode_enabled: true, org_deploy_enabled: false, token_rotation_enabled: false },
    });
    expect(JSON.stringify(quiet)).not.toContain('http');
    expect(open).toMatchObject({
      features: { slash_commands: [{ url: 'https://deploy.example.test/slack/events' }] },
      settings: {
        socket_mode_enabled: false,
        interactivity: { request_url: 'https://deploy.example.test/slack/events' },
      },
    });
  });
});
