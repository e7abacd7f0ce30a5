import { createHmac, randomUUID } from 'node:crypto';
import { runShape, userShape } from './shapes.ts';
import { BEN, type FakeRepository, type FakeRun } from './world.ts';

export interface Delivery {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface WebhookTarget {
  readonly url: string;
  readonly secret: string;
}

/** Signs and sends what GitHub would; keeps everything, so that it can be sent again as it was. */
export interface Postman {
  target?: WebhookTarget;
  readonly deliveries: readonly Delivery[];
  tell(repository: FakeRepository, run: FakeRun, action: string): Promise<void>;
  redeliver(delivery: Delivery): Promise<void>;
}

export function createPostman(): Postman {
  const deliveries: Delivery[] = [];
  const postman: Postman = { deliveries, tell, redeliver };

  async function tell(repository: FakeRepository, run: FakeRun, action: string): Promise<void> {
    const secret = postman.target?.secret ?? 'unset';
    const delivery = signed(secret, 'workflow_run', {
      action,
      workflow_run: runShape(repository, run),
      repository: { full_name: repository.name },
      sender: userShape(BEN),
    });
    deliveries.push(delivery);
    await redeliver(delivery);
  }

  async function redeliver({ headers, body }: Delivery): Promise<void> {
    if (postman.target === undefined) return;
    // GitHub does not mind who is not there, and neither does the world.
    await fetch(postman.target.url, { method: 'POST', headers, body })
      .then((answer) => answer.text())
      .catch(() => undefined);
  }

  return postman;
}

/** A delivery as GitHub signs one: HMAC-SHA-256 over the bytes of the body. */
export function signed(secret: string, event: string, payload: unknown): Delivery {
  const body = JSON.stringify(payload);
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'GitHub-Hookshot/fake',
      'x-github-event': event,
      'x-github-delivery': randomUUID(),
      'x-hub-signature-256': `sha256=${signature}`,
    },
  };
}
