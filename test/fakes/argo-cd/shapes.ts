import type { FakeApplication } from './world.ts';

/** An application as the API shows it: `v1alpha1Application` of Argo CD's description. What is empty is left out, as Go's JSON does. */
export function shapeOf(application: FakeApplication): Record<string, unknown> {
  const { name, namespace, project, annotations, owner, source, sources, automated, retry, operation, state } =
    application;
  return {
    metadata: {
      name,
      namespace,
      uid: '5b8c0a7e-7a0c-4b8e-9d1c-0f6a1b2c3d4e',
      creationTimestamp: '2026-01-05T09:00:00Z',
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
      ...(owner === undefined
        ? {}
        : { ownerReferences: [{ ...owner, apiVersion: 'argoproj.io/v1alpha1', uid: '6c9d' }] }),
    },
    spec: {
      project,
      destination: { server: 'https://kubernetes.default.svc', namespace: 'shop' },
      ...(source === undefined ? {} : { source }),
      ...(sources === undefined ? {} : { sources }),
      ...(automated === undefined && retry === undefined
        ? {}
        : { syncPolicy: { ...(automated && { automated }), ...(retry && { retry }) } }),
    },
    ...(operation === undefined ? {} : { operation }),
    status: {
      ...(state === undefined ? {} : { operationState: state }),
      sync: application.sync,
      health: application.health,
      resources: application.resources,
      ...(application.history.length === 0 ? {} : { history: application.history }),
      reconciledAt: application.reconciledAt,
      resourceHealthSource: 'appTree',
      sourceType: 'Directory',
    },
  };
}
