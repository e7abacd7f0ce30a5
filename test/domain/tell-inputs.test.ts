import { describe, expect, it } from 'vitest';
import type { Catalog } from '../../src/domain/catalog.ts';
import type { Deployment } from '../../src/domain/deployment.ts';
import type { InputSpecs } from '../../src/domain/inputs.ts';
import { tell } from '../../src/domain/tell/index.ts';
import { plain } from '../../src/domain/text.ts';
import { at, CATALOG, inState, SHA } from './samples.ts';

const NOTE = 'n'.repeat(200);
const SPECS: InputSpecs = {
  region: { type: 'enum', title: 'Region', options: ['eu', 'us'], required: true },
  'dry-run': { type: 'boolean', title: 'Dry run', required: false },
  note: { type: 'text', required: false },
};

/** `web` takes these in production, and those in the environment that comes after it. */
function catalog(here: InputSpecs, next: InputSpecs = {}): Catalog {
  const web = CATALOG.services['web'];
  const production = web?.targets['production'];
  if (web === undefined || production === undefined) throw new Error('no web');
  const later = {
    ...production,
    environment: 'world',
    inputs: next,
    after: [{ environment: 'production', bakeMs: 0 }],
  };
  return {
    ...CATALOG,
    services: { web: { ...web, targets: { production: { ...production, inputs: here }, world: later } } },
  };
}

function facts(deployment: Deployment, known: Catalog): readonly string[] {
  const said = tell(deployment, 'engineering', { catalog: known, now: at(8) });
  return said.facts.map(({ label, value }) => `${label}: ${plain(value)}`);
}

const waiting = { ...inState('awaiting-approval'), inputs: { 'dry-run': 'true', note: NOTE, region: 'eu' } };

describe('what was handed in', () => {
  it('stands on the card by its title, and long words are cut there', () => {
    const shown = facts(waiting, catalog(SPECS));

    expect(shown).toEqual(expect.arrayContaining(['Dry run: yes', 'Region: eu', `note: ${'n'.repeat(79)}…`]));
  });

  it('stands there by its name once the configuration knows it no more', () => {
    expect(facts(waiting, CATALOG)).toEqual(expect.arrayContaining(['dry-run: true', 'region: eu']));
  });

  it.each(['line', 'broadcast'] as const)('is not told to %s', (audience) => {
    const done = { ...inState('succeeded'), inputs: waiting.inputs };
    const said = JSON.stringify(tell(done, audience, { catalog: catalog(SPECS), now: at(8) }));

    expect(said).not.toMatch(/nnnn|Region|Dry run/);
  });
});

describe('the button that promotes', () => {
  it('hands on what the next environment takes too, and leaves the rest to it', () => {
    const next: InputSpecs = {
      region: { type: 'enum', options: ['us'], required: false },
      note: { type: 'text', required: false },
      'dry-run': { type: 'boolean', required: true },
    };
    const done = { ...inState('succeeded'), inputs: { ...waiting.inputs, note: 'say "when"', old: 'x' } };
    const { buttons } = tell(done, 'engineering', { catalog: catalog(SPECS, next), now: at(8) });

    expect(buttons.find(({ label }) => label === 'Promote to world')?.value).toBe(
      `web@${SHA} world --input dry-run=true --input note="say \\"when\\""`,
    );
  });
});
