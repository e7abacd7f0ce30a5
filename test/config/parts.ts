import { z } from 'zod';
import { type Fault, type Loaded, loadConfiguration } from '../../src/config/load.ts';
import type { ConfigurationParts } from '../../src/config/schema.ts';
import type { LoadedWhole } from '../../src/config/watch.ts';

const reference = z.string().regex(/^(env|file):.+/, 'must be a reference: write env:NAME');

/** Adapters' schemas in every form that adapters use: refinements, unions, defaults, transformations. */
export const parts: ConfigurationParts = {
  chats: [
    {
      type: 'slack',
      settings: z
        .strictObject({ botToken: reference, appToken: reference.optional(), signingSecret: reference.optional() })
        .superRefine(({ appToken, signingSecret }, context) => {
          if (appToken !== undefined || signingSecret !== undefined) return;
          const message = 'is needed in Socket Mode: create one and refer to it';
          context.addIssue({ code: 'custom', path: ['appToken'], message });
        }),
    },
    { type: 'console', settings: z.strictObject({ enabled: z.boolean().optional().describe('Serve the console.') }) },
  ],
  sources: [
    {
      type: 'github',
      settings: z.strictObject({
        apiUrl: z.url().default('https://api.github.example'),
        auth: z.union([
          z.strictObject({ appId: z.number(), privateKey: reference }),
          z.strictObject({ token: reference }),
        ]),
      }),
    },
    { type: 'git', settings: z.strictObject({ folder: z.string().optional() }) },
  ],
  pipelines: [
    {
      type: 'local',
      provider: z.strictObject({ keep: z.int().default(200) }),
      settings: z.strictObject({
        command: z.string().min(1).describe('What is run.'),
        env: z.record(z.string(), z.string()).default({}),
      }),
    },
    {
      type: 'github-actions',
      provider: z.strictObject({ auth: z.strictObject({ token: reference }) }),
      settings: z.strictObject({ workflow: z.string().describe('File name of the workflow.') }),
    },
  ],
};

/** A small configuration without faults or warnings; tests change a line or two of it. */
export const GOOD = `
sources:
  here: { type: git }
providers:
  machine: { type: local }
people:
  - id: anna
    name: Anna
    accounts: { console: anna, email: [anna@example.com] }
  - { id: ben, name: Ben, accounts: { console: ben } }
groups:
  platform: { people: [anna, ben] }
approval:
  rules: [{ group: platform }]
environments:
  staging:
    approval: { rules: [] }
  production:
    title: live for customers
    aliases: [prod]
    customerFacing: true
services:
  web:
    title: Web shop
    repository: { source: here, name: web }
    pipeline: { provider: machine, command: make deploy }
    environments: [staging, production]
`;

export function load(text: string): Loaded {
  return loadConfiguration(text, 'countersign.yaml', parts);
}

/** Throws with the faults when there are any. */
export function loadWhole(text: string): LoadedWhole {
  const loaded = load(text);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults, null, 2));
  return loaded;
}

export function faultsOf(text: string): readonly Fault[] {
  const loaded = load(text);
  return loaded.ok ? [] : loaded.faults;
}

/** `GOOD` with one piece of text put in the place of another, which must be there. */
export function changed(from: string, to: string, text = GOOD): string {
  if (!text.includes(from)) throw new Error(`The text to change is not there: ${from}`);
  return text.replace(from, to);
}
