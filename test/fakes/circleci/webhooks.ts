import { createHmac } from 'node:crypto';

export interface Delivery {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Signs and sends what CircleCI would; keeps everything, so that it can be sent again as it was. */
export interface Postman {
  target?: { readonly url: string; readonly secret: string };
  readonly deliveries: Delivery[];
  tell(payload: { readonly type: string }): Promise<void>;
  redeliver(delivery: Delivery): Promise<void>;
}

export function createPostman(): Postman {
  const postman: Postman = { deliveries: [], tell, redeliver };

  async function tell(payload: { readonly type: string }): Promise<void> {
    const delivery = signed(postman.target?.secret ?? 'unset', payload);
    postman.deliveries.push(delivery);
    await redeliver(delivery);
  }

  async function redeliver({ headers, body }: Delivery): Promise<void> {
    if (postman.target === undefined) return;
    await fetch(postman.target.url, { method: 'POST', headers, body })
      .then((answer) => answer.text())
      .catch(() => undefined);
  }

  return postman;
}

/** As https://circleci.com/docs/outbound-webhooks/#validate-webhooks says: HMAC-SHA-256 over the bytes of the body. */
export function signed(secret: string, payload: { readonly type: string }): Delivery {
  const body = JSON.stringify(payload);
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'CircleCI-Webhook/1.0',
      'circleci-event-type': payload.type,
      'circleci-signature': `v1=${signature}`,
    },
  };
}
