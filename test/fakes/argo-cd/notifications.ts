import type { FakeApplication } from './world.ts';

interface Delivery {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends what Argo CD Notifications make of the template in docs/argo-cd.md; keeps everything, so that it can be sent again. */
export interface Postman {
  target?: { readonly url: string; readonly secret: string };
  readonly deliveries: readonly Delivery[];
  tell(application: FakeApplication): Promise<void>;
}

export function createPostman(): Postman {
  const deliveries: Delivery[] = [];
  const postman: Postman = { deliveries, tell };

  async function tell(application: FakeApplication): Promise<void> {
    if (postman.target === undefined) return;
    const { url, secret } = postman.target;
    const delivery = notified(secret, application);
    deliveries.push(delivery);
    await fetch(url, { method: 'POST', ...delivery })
      .then((answer) => answer.text())
      .catch(() => undefined);
  }

  return postman;
}

/** The template of docs/argo-cd.md, filled in. The service `webhook` adds the headers of its configuration and signs nothing. */
export function notified(secret: string, { name, annotations, state, health }: FakeApplication): Delivery {
  const body = JSON.stringify({
    application: name,
    info: state?.operation.info ?? null,
    rollback: annotations['countersign/rollback'] ?? null,
    phase: state?.phase ?? null,
    startedAt: state?.startedAt ?? null,
    health: health.status,
  });
  return { body, headers: { 'content-type': 'application/json', 'x-countersign-token': secret } };
}
