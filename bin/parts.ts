import { chatAdapters, pipelineAdapters, sourceAdapters } from '../adapters/index.ts';
import type { ConfigurationParts } from '../src/config/schema.ts';

/** What the adapters add to the configuration's schema. */
export function configurationParts(): ConfigurationParts {
  return {
    chats: [...chatAdapters.values()],
    sources: [...sourceAdapters.values()],
    pipelines: [...pipelineAdapters.values()],
  };
}
