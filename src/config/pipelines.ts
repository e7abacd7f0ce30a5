import type { z } from 'zod';
import type { PipelineUse } from '../domain/catalog.ts';
import { explain } from './explain.ts';
import { suggestion } from './nearest.ts';
import { type Path, type Problem, pathText, valueAt } from './problem.ts';
import type { Configuration, ConfigurationParts } from './schema.ts';
import type { SchemaGuide } from './schema-guide.ts';
import { type ServiceWish, type TargetWish, targetWishes } from './service-schema.ts';

export interface Pipelines {
  /** What each target uses, by `service/environment`; without those that are at fault. */
  readonly uses: ReadonlyMap<string, PipelineUse>;
  readonly problems: readonly Problem[];
}

interface Frame {
  readonly configuration: Configuration;
  readonly content: unknown;
  readonly guide: SchemaGuide;
  readonly parts: ConfigurationParts;
}

/**
 * Puts together the pipeline of every target (the service's settings, with what the target changes) and checks it with the
 * schema of its provider, which is only known now.
 */
export function pipelinesOf(frame: Frame): Pipelines {
  const uses = new Map<string, PipelineUse>();
  const problems = new Map<string, Problem>();
  for (const [id, service] of Object.entries(frame.configuration.services)) {
    for (const [environment, wish] of targetWishes(service)) {
      const outcome = useOf({ id, service, environment, wish }, frame);
      if ('use' in outcome) uses.set(`${id}/${environment}`, outcome.use);
      else
        for (const problem of outcome.problems) problems.set(`${pathText(problem.path)} ${problem.message}`, problem);
    }
  }
  return { uses, problems: [...problems.values()] };
}

interface Place {
  readonly id: string;
  readonly service: ServiceWish;
  readonly environment: string;
  readonly wish: TargetWish;
}

type Outcome = { readonly use: PipelineUse } | { readonly problems: readonly Problem[] };

function useOf({ id, service, environment, wish }: Place, frame: Frame): Outcome {
  const wide: Path = ['services', id, 'pipeline'];
  const narrow: Path = ['services', id, 'environments', environment, 'pipeline'];
  const change = wish.pipeline ?? {};
  const provider = wish.pipeline?.provider ?? service.pipeline?.provider;
  if (provider === undefined) return { problems: valueAt(frame.content, wide) === undefined ? [noPipeline(wide)] : [] };
  const base = service.pipeline?.provider === provider ? service.pipeline : {};
  const { provider: _provider, ...settings } = { ...base, ...change };
  const pathOf = (key: string): Path => (Object.hasOwn(change, key) || base !== service.pipeline ? narrow : wide);
  const part = partOf(provider, frame);
  if (part === undefined) return { problems: unknownProvider(provider, [...pathOf('provider'), 'provider'], frame) };
  const result = part.settings.safeParse(settings);
  if (result.success) return { use: { provider, settings: result.data as PipelineUse['settings'] } };
  const problems = result.error.issues.flatMap(apart).flatMap(({ issue, key }) => {
    return explain({ ...issue, path: [...pathOf(key), ...issue.path] }, frame);
  });
  return { problems };
}

/** Each issue with the setting it is about; unknown settings one by one, as they may come from different places. */
function apart(issue: z.core.$ZodIssue): readonly { readonly issue: z.core.$ZodIssue; readonly key: string }[] {
  if (issue.code !== 'unrecognized_keys' || issue.path.length > 0) return [{ issue, key: String(issue.path[0] ?? '') }];
  return issue.keys.map((key) => ({ issue: { ...issue, keys: [key] }, key }));
}

function noPipeline(path: Path): Problem {
  const remedy = 'Add `pipeline:` with a `provider` to the service, or to each of its environments.';
  return { path, at: 'missing', message: '"pipeline" is missing', remedy };
}

function partOf(provider: string, { configuration, parts }: Frame) {
  const type = configuration.providers[provider]?.type;
  return parts.pipelines.find((part) => part.type === type);
}

/** A provider that is written down, but at fault, has been spoken of already. */
function unknownProvider(provider: string, path: Path, { content }: Frame): readonly Problem[] {
  const providers = valueAt(content, ['providers']);
  const known = Object.keys(typeof providers === 'object' && providers !== null ? providers : {});
  if (known.includes(provider)) return [];
  const remedy = suggestion(provider, known, `Define it under \`providers\`.`);
  return [{ path, at: 'value', message: `There is no provider "${provider}"`, remedy }];
}
