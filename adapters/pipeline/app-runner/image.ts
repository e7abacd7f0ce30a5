import type { Artifact } from '../../../src/domain/artifact.ts';
import type { StartRequest } from '../../../src/ports/pipeline.ts';
import { Settings } from './schema.ts';

/** The image that must run: by the digest that the approval binds, else by the tag of the commit. */
export function wantedImage(request: StartRequest): string {
  const { image, artifact } = Settings.parse(request.settings);
  const bound = request.artifacts?.find(({ name }) => name === artifact);
  return bound === undefined ? image.replaceAll('{sha}', request.sha) : `${repositoryOf(image)}@${bound.digest}`;
}

/** The commit that an image was made of, as far as its name says: ours when it is the image that was wanted. */
export function commitOf(request: StartRequest, image: string): string | undefined {
  return image === wantedImage(request) ? request.sha : /[:-]([0-9a-f]{40})$/.exec(image)?.[1];
}

/** What the image is, where it is named by its digest. */
export function artifactsOf(request: StartRequest, image: string): readonly Artifact[] {
  const { artifact } = Settings.parse(request.settings);
  const digest = /@(sha256:[0-9a-f]{64})$/.exec(image)?.[1];
  return artifact === undefined || digest === undefined ? [] : [{ name: artifact, digest }];
}

/** The name without its tag; the port of a registry is no tag. */
function repositoryOf(image: string): string {
  return image.replace(/:[^/]*$/, '');
}
