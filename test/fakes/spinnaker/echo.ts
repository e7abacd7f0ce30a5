import { randomUUID } from 'node:crypto';
import { eventShape } from './shapes.ts';
import type { FakeExecution } from './world.ts';

/** Echo, with one REST endpoint (`rest.endpoints` of its configuration) that it sends events to. */
export interface Postman {
  /** Where events go, with the headers that are configured there. */
  target: { readonly url: string; readonly headers: Readonly<Record<string, string>> } | undefined;
  tell(execution: FakeExecution, type: string): Promise<void>;
}

export function createPostman(): Postman {
  const postman: Postman = {
    target: undefined,
    async tell(execution, type) {
      const { target } = postman;
      if (target === undefined) return;
      const body = JSON.stringify(eventShape(execution, type, randomUUID()));
      const headers = { 'content-type': 'application/json', ...target.headers };
      // Echo logs what fails, and forgets it.
      await fetch(target.url, { method: 'POST', headers, body }).catch(() => undefined);
    },
  };
  return postman;
}
