import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppManifestUtils, type TeamsManifestV1D30 } from '@microsoft/app-manifest';
import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { teamsManifest } from '../../adapters/chat/teams/manifest.ts';
import { teamsPackage } from '../../adapters/chat/teams/package.ts';
import { manifestCommands } from '../../bin/generated/specs.ts';
import { readPng } from '../support/png.ts';

type Manifest = TeamsManifestV1D30.TeamsManifestV1D30;

const APP = join(import.meta.dirname, '../../adapters/chat/teams/app');
const ID = '11112222-bbbb-3333-cccc-4444dddd5555';
const WISH = { appId: ID, name: 'Countersign', command: '/deploy', commands: manifestCommands(), version: '1.2.3' };

function manifest(wish: Partial<typeof WISH> & { readonly websiteUrl?: string } = {}): Manifest {
  return teamsManifest({ ...WISH, ...wish }) as Manifest;
}

function menu(scope: string) {
  const list = manifest().bots?.[0]?.commandLists?.find(({ scopes }) => (scopes as readonly string[]).includes(scope));
  return { triggers: list?.triggers, titles: list?.commands.map(({ title }) => title) ?? [] };
}

/** By Microsoft's own schema, which lies in their package: nothing is fetched. */
function faultsOf(one: unknown): Promise<readonly string[]> {
  return AppManifestUtils.validateAgainstSchema(one as Manifest);
}

describe("Teams' app manifest", () => {
  it.each<[string, Manifest]>([
    ['as it is generated', JSON.parse(readFileSync(join(APP, 'manifest.json'), 'utf8'))],
    ['of an installation', manifest({ websiteUrl: 'https://deploy.acme.example' })],
    ['with the longest name and command', manifest({ name: 'N'.repeat(200), command: `/${'c'.repeat(31)}` })],
    ['with far more words than fit', manifest({ commands: manifestCommands().map(long) })],
  ])('is good by the schema of version 1.30, %s', async (_which, one) => {
    expect(await faultsOf(one)).toEqual([]);
  });

  it('is looked at by a schema that finds faults', async () => {
    expect(await faultsOf({ ...manifest(), accentColor: 'blue' })).toEqual([expect.stringContaining('accentColor')]);
    expect(await faultsOf({ ...manifest(), scopes: ['team'] })).not.toEqual([]);
  });

  it.each([
    ['team', ['mention', 'slash']],
    ['groupChat', ['mention', 'slash']],
    ['personal', ['mention']],
  ])('has a full menu of real commands in the scope %s', (scope, triggers) => {
    const real = manifestCommands().map(({ name }) => name);
    const { titles } = menu(scope);

    expect(menu(scope).triggers).toEqual(triggers);
    expect(titles).toHaveLength(12);
    expect(new Set(titles).size).toBe(12);
    expect(titles.filter((title) => !real.includes(title))).toEqual([]);
    expect(titles.at(-1)).toBe('help');
  });

  it('lets the bot be spoken to by a slash, and opens the form by the configured command', () => {
    const { bots, composeExtensions } = manifest({ command: '/ship' });

    expect(bots?.[0]).toMatchObject({
      botId: ID,
      supportsTargetedMessages: true,
      scopes: ['personal', 'team', 'groupChat'],
    });
    expect(composeExtensions?.[0]).toMatchObject({
      botId: ID,
      commands: [{ id: 'deploy', type: 'action', title: 'ship', fetchTask: true, triggers: ['slash'] }],
    });
  });

  it('asks for no permission on what is said or who is there', () => {
    const { authorization, webApplicationInfo, validDomains } = manifest();

    expect({ authorization, webApplicationInfo, validDomains }).toEqual({ validDomains: [] });
  });

  it.each([
    ['https://deploy.acme.example', 'https://deploy.acme.example'],
    ['http://localhost:4400', 'https://countersign.invalid'],
    [undefined, 'https://countersign.invalid'],
  ])('leads from the details of the app at %s to %s', (websiteUrl, expected) => {
    const { developer } = manifest(websiteUrl === undefined ? {} : { websiteUrl });

    expect(developer).toMatchObject({ websiteUrl: expected, privacyUrl: expected, termsOfUseUrl: expected });
  });
});

describe("Teams' app icons", () => {
  it('have a coloured square without holes', () => {
    const { width, height, pixels } = readPng(readFileSync(join(APP, 'color.png')));

    expect({ width, height }).toEqual({ width: 192, height: 192 });
    expect(pixels.every(([, , , alpha]) => alpha === 255)).toBe(true);
    expect(pixels[0]).toEqual([0x4f, 0x46, 0xe5, 255]);
    expect(manifest().accentColor).toBe('#4f46e5');
  });

  it('have an outline of nothing but white on nothing', () => {
    const { width, height, hasAlpha, pixels } = readPng(readFileSync(join(APP, 'outline.png')));
    const seen = pixels.filter(([, , , alpha]) => alpha > 0);

    expect({ width, height, hasAlpha }).toEqual({ width: 32, height: 32, hasAlpha: true });
    expect(seen.filter(([red, green, blue]) => red + green + blue !== 3 * 255)).toEqual([]);
    expect(seen.length).toBeGreaterThan(100);
    expect(seen.length).toBeLessThan(512);
  });
});

describe("Teams' app package", () => {
  it('holds the manifest and what it names, at the top', async () => {
    const files = unzipSync(await teamsPackage(manifest()));

    expect(Object.keys(files)).toEqual(['manifest.json', 'color.png', 'outline.png']);
    expect(JSON.parse(strFromU8(files['manifest.json'] ?? new Uint8Array()))).toEqual(manifest());
    expect(Object.values(manifest().icons).every((icon) => icon in files)).toBe(true);
    expect(Buffer.from(files['color.png'] ?? '')).toEqual(readFileSync(join(APP, 'color.png')));
  });

  it.each(['UTC', 'Pacific/Auckland', 'America/Los_Angeles'])(
    'is the same bytes each time, also in %s',
    async (zone) => {
      const here = process.env['TZ'];
      const first = await teamsPackage(manifest());
      process.env['TZ'] = zone;

      try {
        expect(Buffer.from(await teamsPackage(manifest())).equals(Buffer.from(first))).toBe(true);
      } finally {
        if (here === undefined) delete process.env['TZ'];
        else process.env['TZ'] = here;
      }
    },
  );
});

function long<T extends { readonly usage: string; readonly summary: string }>(one: T): T {
  return { ...one, usage: one.usage.repeat(50), summary: one.summary.repeat(50) };
}
