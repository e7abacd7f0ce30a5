import { artifactLines } from '../../../src/domain/artifact.ts';
import type { StartRequest } from '../../../src/ports/pipeline.ts';
import type { Settings } from './schema.ts';

/** The variable by which a run is known for ours. */
export const CORRELATION = 'COUNTERSIGN_ID';

/** What a pipeline is created with, beside its ref. */
export interface Handed {
  readonly variables?: readonly { readonly key: string; readonly value: string }[];
  readonly inputs?: Readonly<Record<string, string | number | boolean>>;
}

/** What the run is told. Our own words come last, so that nothing takes their place. */
export function handed(request: StartRequest, settings: Settings): Handed {
  const typed = Object.entries(request.inputs ?? {});
  const asVariables = settings.typedInputs === 'variables';
  const variables = {
    ...settings.variables,
    ...(asVariables ? Object.fromEntries(typed.map(([name, value]) => [variableFor(name, settings), value])) : {}),
    ...ours(request),
  };
  const inputs = {
    ...settings.inputs,
    ...(asVariables
      ? {}
      : Object.fromEntries(typed.map(([name, value]) => [settings.inputNames[name] ?? name, inputOf(value)]))),
    ...(settings.artifactsInput === undefined
      ? {}
      : { [settings.artifactsInput]: artifactLines(request.artifacts ?? []) }),
    ...(settings.correlationInput === undefined ? {} : { [settings.correlationInput]: request.correlation }),
  };
  return {
    ...(settings.ownVariables ? { variables: Object.entries(variables).map(([key, value]) => ({ key, value })) } : {}),
    ...(Object.keys(inputs).length === 0 ? {} : { inputs }),
  };
}

function ours(request: StartRequest): Readonly<Record<string, string>> {
  const { correlation, deployment, service, environment, sha, artifacts = [] } = request;
  return {
    COUNTERSIGN_DEPLOYMENT: deployment,
    COUNTERSIGN_SERVICE: service,
    COUNTERSIGN_ENVIRONMENT: environment,
    COUNTERSIGN_SHA: sha,
    COUNTERSIGN_KIND: request.kind,
    ...(artifacts.length === 0 ? {} : { COUNTERSIGN_ARTIFACTS: artifactLines(artifacts) }),
    [CORRELATION]: correlation,
  };
}

/** `dry-run` as `DRY_RUN`: shells know no other letters in names, and no digit in front. */
function variableFor(name: string, { inputNames }: Settings): string {
  return (
    inputNames[name] ??
    name
      .toUpperCase()
      .replace(/[^A-Z0-9_]/g, '_')
      .replace(/^(?=\d)/, '_')
  );
}

/** GitLab tells inputs of type boolean from text. */
function inputOf(value: string): string | boolean {
  return value === 'true' || value === 'false' ? value === 'true' : value;
}
