import { PortFailure } from '../../../src/ports/failure.ts';
import type { StartRequest } from '../../../src/ports/pipeline.ts';
import type { AdapterTools } from '../../shared/adapter.ts';
import type { Tagger } from '../../shared/github/tag.ts';
import { tagOf } from '../../shared/github/tag.ts';
import { pathOf } from '../../shared/http/outgoing.ts';
import type { CircleCI } from './client.ts';
import { Settings } from './schema.ts';

/** What every member of the provider works with. */
export interface Context {
  /** Key of the provider in the configuration. */
  readonly id: string;
  readonly circleci: CircleCI;
  readonly tools: AdapterTools;
  /** Makes the tag that a run is pinned by; absent: branches are run. */
  readonly tagger?: Tagger;
}

/** What is run: a tag of our own, or a branch. */
export type Ref = { readonly tag: string } | { readonly branch: string };

/** Where a request's runs live. */
export interface Place {
  readonly settings: Settings;
  /** `gh/acme/web` */
  readonly slug: string;
  /** `project/gh/acme/web`, encoded. */
  readonly project: string;
}

/** A start request in CircleCI's own terms. */
export interface Wanted extends Place {
  readonly ref: Ref;
}

export function placeOf(request: StartRequest): Place {
  const settings = Settings.parse(request.settings);
  const slug = settings.project ?? `gh/${request.repository}`;
  return { settings, slug, project: pathOf('project', ...slug.split('/')) };
}

/** Throws a PortFailure where the settings leave open what to run. */
export function wanted({ id, tagger }: Context, request: StartRequest): Wanted {
  const place = placeOf(request);
  if (tagger !== undefined) return { ...place, ref: { tag: tagOf(request) } };
  const { branch, correlationParameter } = place.settings;
  if (branch === undefined) {
    const message = `CircleCI takes no commit. Give the provider ${id} a GitHub connection under tags, or the pipeline of ${request.service} a branch.`;
    throw new PortFailure(message, { port: id, kind: 'refused', retryable: false, code: 'nothing-to-run' });
  }
  if (correlationParameter === false) {
    const message = `A run on a branch is found again by its parameter alone. Name a correlationParameter for ${request.service}, or give the provider ${id} a GitHub connection under tags.`;
    throw new PortFailure(message, { port: id, kind: 'refused', retryable: false, code: 'nothing-to-find-by' });
  }
  return { ...place, ref: { branch } };
}
