import { artifactText } from '../../../src/domain/artifact.ts';
import type { StartRequest } from '../../../src/ports/pipeline.ts';
import { type Context, wanted } from './context.ts';
import { refuseExpressions, unevaluated } from './plain.ts';
import type { Settings } from './schema.ts';

/** An artifact as Spinnaker takes it: `Artifact` of kork-artifacts. */
interface HandedArtifact {
  readonly type: string;
  readonly reference: string;
  readonly version: string;
  readonly name?: string;
  readonly artifactAccount?: string;
}

/** The body that starts a run. Throws where a value would be evaluated as an expression. */
export function triggerOf({ id }: Context, request: StartRequest) {
  const { settings } = wanted(request);
  const { inputs = {}, sha, correlation, requester } = request;
  refuseExpressions(id, inputs);
  const parameters = { ...settings.parameters, ...inputs, [settings.commitParameter]: sha };
  const artifacts = [...gitArtifact(settings, sha), ...images(id, settings, request)];
  return {
    type: 'manual',
    // Only shown; the rights are those of our own login, which the name must not be mistaken for.
    user: unevaluated(`${requester} (Countersign)`),
    correlationId: correlation,
    parameters,
    ...(artifacts.length === 0 ? {} : { artifacts }),
  };
}

function gitArtifact({ gitArtifact: wish }: Settings, version: string): readonly HandedArtifact[] {
  if (wish === undefined) return [];
  const { type, reference, name, account } = wish;
  return [
    {
      type,
      reference,
      version,
      ...(name === undefined ? {} : { name }),
      ...(account === undefined ? {} : { artifactAccount: account }),
    },
  ];
}

/** https://spinnaker.io/docs/reference/artifacts/types/docker-image/ */
function images(port: string, settings: Settings, { artifacts = [] }: StartRequest): readonly HandedArtifact[] {
  if (settings.images !== true) return [];
  refuseExpressions(port, Object.fromEntries(artifacts.map(({ name }) => [name, name])));
  return artifacts.map((artifact) => ({
    type: 'docker/image',
    name: artifact.name,
    reference: artifactText(artifact),
    version: artifact.digest,
  }));
}
