import { z } from 'zod';
import { secretReference } from '../../shared/github/schema.ts';

/** Settings of a provider of type `argo-cd`. */
export const Provider = z
  .strictObject({
    url: z
      .url({ protocol: /^https?$/ })
      .describe('Address of Argo CD as people open it, with its root path if it has one.'),
    token: secretReference.describe(
      'Where the token is kept: of a role of a project, or of an account with the ability `apiKey`.',
    ),
    certificateAuthority: z
      .string()
      .min(1)
      .optional()
      .describe('File (PEM) with the certificates of a private authority that signed the certificate of this Argo CD.'),
    webhookSecret: secretReference
      .optional()
      .describe(
        'Where the secret is kept that Argo CD Notifications send in the header `X-Countersign-Token`. Without it, runs are followed by asking alone.',
      ),
  })
  .describe('Syncs applications of Argo CD.');
export type Provider = z.infer<typeof Provider>;

/** What a target says beside `provider: <id>`. */
export const Settings = z.strictObject({
  application: z.string().min(1).describe('Name of the application.'),
  appNamespace: z.string().min(1).optional().describe("Namespace of the application, where it is not Argo CD's own."),
  project: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Project of the application. With it, Argo CD tells an unknown application from one that is not allowed.',
    ),
  repository: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Address of the service's repository as the application has it (`repoURL`). Default: any address that ends with the repository's name.",
    ),
  prune: z.boolean().default(false).describe('Delete what the approved commit no longer has.'),
  strategy: z
    .enum(['hook', 'apply'])
    .default('hook')
    .describe('`hook` runs the hooks of the application, `apply` leaves them out.'),
  syncOptions: z
    .array(z.string().min(1))
    .optional()
    .describe("Options of the sync, e.g. `ServerSideApply=true`, instead of the application's own."),
  automatedSync: z
    .enum(['refuse', 'switch-off'])
    .default('refuse')
    .describe(
      'What to do with an application that syncs by itself, because Argo CD then deploys no other commit than the one it tracks: `refuse` the deployment, or `switch-off` automated sync.',
    ),
  restoreAutomatedSync: z
    .boolean()
    .default(false)
    .describe(
      'Switch automated sync on again after a regular deployment, if the application then tracks the very commit that was deployed. From then on Argo CD deploys newer commits without approval.',
    ),
  rollback: z
    .enum(['history', 'sync'])
    .default('history')
    .describe(
      "`history` goes back by Argo CD's own history, with the parameters of that time and without hooks; `sync` syncs the former commit with today's parameters.",
    ),
  degradedGraceSeconds: z
    .number()
    .int()
    .min(0)
    .max(3600)
    .default(60)
    .describe('How long the application may be degraded after the sync before the deployment has failed.'),
  mayBeSuspended: z
    .array(z.string().min(1))
    .default(['CronJob'])
    .describe('Kinds of resources that may be suspended where a deployment has succeeded.'),
  images: z
    .boolean()
    .default(false)
    .describe(
      'The images of the synced resources count as what was deployed, where the manifests name them by digest.',
    ),
});
export type Settings = z.infer<typeof Settings>;

const text = z.string().nullish();
const Info = z.object({ name: z.string(), value: text });

/** A source of manifests. `chart`: a Helm repository, which has no commits. */
export const Source = z.object({ repoURL: text, targetRevision: text, chart: text });
export type Source = z.infer<typeof Source>;

const Initiator = z.object({ username: text, automated: z.boolean().nullish() });

/** `operation` of an application: what Argo CD has been told to do. */
export const Operation = z.object({
  info: z.array(Info).nullish(),
  initiatedBy: Initiator.nullish(),
  sync: z.object({ revision: text, revisions: z.array(z.string()).nullish() }).nullish(),
});
export type Operation = z.infer<typeof Operation>;

/** What became of one resource in a sync. With `hookType` it is a hook. */
export const ResourceResult = z.object({
  group: text,
  version: text,
  kind: z.string(),
  namespace: text,
  name: z.string(),
  status: text,
  message: text,
  hookType: text,
  hookPhase: text,
  syncPhase: text,
  images: z.array(z.string()).nullish(),
});
export type ResourceResult = z.infer<typeof ResourceResult>;

/** `status.operationState`: what became of the last operation. */
export const OperationState = z.object({
  operation: Operation,
  phase: z.string(),
  message: text,
  startedAt: text,
  finishedAt: text,
  syncResult: z
    .object({ revision: text, revisions: z.array(z.string()).nullish(), resources: z.array(ResourceResult).nullish() })
    .nullish(),
});
export type OperationState = z.infer<typeof OperationState>;

const Health = z.object({ status: text, message: text, lastTransitionTime: text });

/** A resource of the application as it is now. */
export const ResourceStatus = z.object({
  group: text,
  version: text,
  kind: z.string(),
  namespace: text,
  name: z.string(),
  health: Health.nullish(),
});
export type ResourceStatus = z.infer<typeof ResourceStatus>;

export const HistoryEntry = z.object({
  id: z.number(),
  revision: text,
  revisions: z.array(z.string()).nullish(),
  source: Source.nullish(),
  sources: z.array(Source).nullish(),
});
export type HistoryEntry = z.infer<typeof HistoryEntry>;

export const Automated = z.looseObject({ enabled: z.boolean().nullish() });
export type Automated = z.infer<typeof Automated>;

/** With `refresh`, a failed sync is tried again with the newest commit of what the application tracks. */
const Retry = z.looseObject({ refresh: z.boolean().nullish() });

/** The parts of an application that matter here: `v1alpha1Application` of Argo CD's own description of its API. */
export const Application = z.object({
  metadata: z.object({
    name: z.string(),
    annotations: z.record(z.string(), z.string()).nullish(),
    ownerReferences: z.array(z.object({ kind: z.string(), name: z.string() })).nullish(),
  }),
  operation: Operation.nullish(),
  spec: z.object({
    source: Source.nullish(),
    sources: z.array(Source).nullish(),
    syncPolicy: z.object({ automated: Automated.nullish(), retry: Retry.nullish() }).nullish(),
  }),
  status: z
    .object({
      operationState: OperationState.nullish(),
      sync: z.object({ status: text, revision: text, revisions: z.array(z.string()).nullish() }).nullish(),
      health: Health.nullish(),
      resources: z.array(ResourceStatus).nullish(),
      history: z.array(HistoryEntry).nullish(),
      reconciledAt: text,
    })
    .nullish(),
});
export type Application = z.infer<typeof Application>;

export const Actions = z.object({
  actions: z.array(z.object({ name: z.string(), disabled: z.boolean().nullish() })).nullish(),
});

/** One line of the stream of logs: https://argo-cd.readthedocs.io/en/stable/developer-guide/api-docs/ and its description. */
export const LogLine = z.object({ result: z.object({ content: text }).nullish() });
