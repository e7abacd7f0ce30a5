import type { Route } from '../ports/http.ts';

/** Can work be taken? `detail` says in a few words what is missing, e.g. `slack: not connected`. */
export interface Readiness {
  readonly ready: boolean;
  readonly detail: string;
}

/** `/healthz`: the process answers. `/readyz`: it can do its work; a load balancer sends nobody here otherwise. */
export function healthRoutes(ready: () => Promise<Readiness> | Readiness): readonly Route[] {
  return [
    { method: 'GET', path: '/healthz', handle: () => answer(200, { alive: true }) },
    {
      method: 'GET',
      path: '/readyz',
      async handle() {
        const found = await ready();
        return answer(found.ready ? 200 : 503, found);
      },
    },
  ];
}

function answer(status: number, body: object): Response {
  return Response.json(body, { status, headers: { 'cache-control': 'no-store' } });
}
