import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { afterAll, describe, expect, it } from 'vitest';
import { teamsSettings } from '../../adapters/chat/teams/schema.ts';
import { GOOD, parts } from '../config/parts.ts';
import { run } from './cli-under-test.ts';

const folder = mkdtempSync(join(tmpdir(), 'countersign-teams-'));
afterAll(() => rmSync(folder, { recursive: true }));

const ID = '11112222-BBBB-3333-cccc-4444dddd5555';
const TEAMS = `${GOOD}
chats:
  teams: { appId: ${ID}, tenant: aaaabbbb-0000-cccc-1111-dddd2222eeee, secret: 'env:TEAMS_SECRET' }
`;
const NAMED = `${TEAMS}name: Acme deployments\ncommand: /ship\nbaseUrl: https://deploy.acme.example/\n`;

/** Runs the command on a configuration, in a folder of its own. */
async function packed(text: string, ...more: readonly string[]) {
  const file = join(folder, 'countersign.yaml');
  const zip = join(folder, 'app.zip');
  rmSync(zip, { force: true });
  writeFileSync(file, text);
  const withTeams = { ...parts, chats: [...parts.chats, { type: 'teams', settings: teamsSettings }] };
  const ran = await run(['teams', 'package', '--config', file, '--out', zip, ...more], undefined, withTeams);
  return { ...ran, file, zip };
}

function filesIn(zip: string) {
  const files = unzipSync(readFileSync(zip));
  return { names: Object.keys(files), manifest: JSON.parse(strFromU8(files['manifest.json'] ?? new Uint8Array())) };
}

describe('teams package', () => {
  it('writes the app as it is configured, and says what to do with it', async () => {
    const { code, out, err, zip } = await packed(NAMED);
    const { names, manifest } = filesIn(zip);

    expect(code).toBe(0);
    expect(out).toBe(`${zip}: the app "Acme deployments" 0.1.0 with the id ${ID.toLowerCase()}\n`);
    expect(err).toContain('is https://deploy.acme.example/api/messages, ');
    expect(err).not.toContain('baseUrl');
    expect(names).toEqual(['manifest.json', 'color.png', 'outline.png']);
    expect(manifest).toMatchObject({
      id: ID.toLowerCase(),
      version: '0.1.0',
      name: { short: 'Acme deployments' },
      developer: { websiteUrl: 'https://deploy.acme.example' },
      bots: [{ botId: ID.toLowerCase() }],
      composeExtensions: [{ commands: [{ title: 'ship' }] }],
    });
  });

  it('does without an address, and says what is missing then', async () => {
    const { code, err } = await packed(TEAMS);

    expect(code).toBe(0);
    expect(err).toContain('is https://<your address>/api/messages, ');
    expect(err).toContain('they need a baseUrl with https');
  });

  it('takes a version, since Teams wants a greater one for each change', async () => {
    const { code, zip } = await packed(NAMED, '--app-version', '1.4.0');

    expect(code).toBe(0);
    expect(filesIn(zip).manifest.version).toBe('1.4.0');
  });

  it('refuses what is no version', async () => {
    const { code, err } = await packed(NAMED, '--app-version', '1.4');

    expect(code).toBe(1);
    expect(err).toContain('Write three numbers, e.g. 1.2.0.');
  });

  it.each([
    ['no chat "teams"', GOOD, / has no chat "teams"\. Write its appId and tenant under `chats: teams:`/],
    ['a fault', TEAMS.replace(ID, 'Countersign'), / has faults\. `config check` names them; mend them first\.\n$/],
  ])('writes nothing from a configuration with %s', async (_what, text, expected) => {
    const { code, out, err, zip } = await packed(text);

    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(expected);
    expect(existsSync(zip)).toBe(false);
  });

  it.each([
    [['--config', 'none.yaml'], 'none.yaml cannot be read (ENOENT). Name the configuration with --config.\n'],
    [['--out', folder], `${folder} cannot be written (EISDIR). Name another file with --out.\n`],
  ])('says in one line that a file is not to be had: %j', async (more, expected) => {
    const { code, err } = await packed(NAMED, ...more);

    expect({ code, err }).toEqual({ code: 2, err: expected });
  });
});
