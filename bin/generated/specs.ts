import { commands } from '../../commands/index.ts';
import { usageOf } from '../../commands/shared/usage.ts';

/** Every command in the words of the manifests. */
export function manifestCommands() {
  return commands.map((spec) => ({ name: spec.name, usage: usageOf(spec), summary: spec.summary }));
}
