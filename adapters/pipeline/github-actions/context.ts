import type { StartRequest } from '../../../src/ports/pipeline.ts';
import type { AdapterTools } from '../../shared/adapter.ts';
import type { GitHub } from '../../shared/github/client.ts';
import { ownerAndName } from '../../shared/github/repository.ts';
import { tagOf } from '../../shared/github/tag.ts';
import { Settings } from './schema.ts';

/** What every member of the provider works with. */
export interface Context {
  /** Key of the provider in the configuration. */
  readonly id: string;
  readonly github: GitHub;
  readonly tools: AdapterTools;
}

/** A start request in GitHub's own terms. */
export interface Wanted {
  readonly place: { readonly owner: string; readonly repo: string };
  readonly settings: Settings;
  /** Name of the short-lived tag that pins the run to the approved commit. */
  readonly tag: string;
}

export function wanted({ id }: Context, request: StartRequest): Wanted {
  return {
    place: ownerAndName(id, request.repository),
    settings: Settings.parse(request.settings),
    tag: tagOf(request),
  };
}
