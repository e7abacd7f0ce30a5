import type { Catalog, Service } from '../../src/domain/catalog.ts';
import type { InputSpecs } from '../../src/domain/inputs.ts';
import { catalog, service } from './world.ts';

/** Longer than Slack lets an option be. */
export const LONG_OPTION = `eu-${'very-'.repeat(20)}west`;

const SPECS: InputSpecs = {
  region: { type: 'enum', title: 'Region', options: ['eu', 'us', 'eu', LONG_OPTION], required: true },
  'dry-run': { type: 'boolean', required: false, byDefault: 'false' },
  ticket: { type: 'text', pattern: '[A-Z]+-\\d+', example: 'OPS-7', required: false },
};

/** `web` takes these in production and only a ticket in staging, `shop` a region of its own in staging. */
export function takingCatalog(): Catalog {
  const { ticket } = SPECS;
  const web = taking(service('web', ['site'], ['staging', 'production']), {
    production: SPECS,
    ...(ticket === undefined ? {} : { staging: { ticket } }),
  });
  const shop = taking(service('shop', [], ['staging']), {
    staging: { region: { type: 'enum', options: ['asia'], required: false } },
  });
  return { ...catalog, services: { web, shop } };
}

function taking(one: Service, inputs: Readonly<Record<string, InputSpecs>>): Service {
  const targets = Object.entries(one.targets).map(([environment, settings]) => {
    const specs = inputs[environment];
    return [environment, specs === undefined ? settings : { ...settings, inputs: specs }] as const;
  });
  return { ...one, targets: Object.fromEntries(targets) };
}
