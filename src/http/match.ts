import type { Route } from '../ports/http.ts';

export type FetchRoute = Extract<Route, { method: string }>;
type NodeRoute = Extract<Route, { node: unknown }>;

export type Match =
  | { readonly kind: 'fetch'; readonly route: FetchRoute }
  | { readonly kind: 'node'; readonly route: NodeRoute }
  | { readonly kind: 'wrong-method'; readonly allowed: readonly string[] }
  | { readonly kind: 'none' };

/**
 * The route for a path. An exact path goes before a `*`, and a longer `*` before a shorter one. A Node-style route also takes
 * what lies below it. HEAD is answered by GET routes.
 */
export function matchRoute(routes: readonly Route[], method: string, path: string): Match {
  const fitting = routes.filter((route) => rank(route, path) > 0);
  const ordered = fitting.sort((one, other) => rank(other, path) - rank(one, path));
  const wanted = method === 'HEAD' ? 'GET' : method;
  for (const route of ordered) {
    if ('node' in route) return { kind: 'node', route };
    if (route.method === wanted) return { kind: 'fetch', route };
  }
  const allowed = new Set(ordered.flatMap((route) => ('method' in route ? [route.method] : [])));
  if (allowed.size === 0) return { kind: 'none' };
  return { kind: 'wrong-method', allowed: [...allowed, ...(allowed.has('GET') ? ['HEAD'] : [])] };
}

/** 0: does not fit. */
function rank(route: Route, path: string): number {
  if (route.path === path) return Number.MAX_SAFE_INTEGER;
  if (route.path.endsWith('*')) return path.startsWith(route.path.slice(0, -1)) ? route.path.length : 0;
  return 'node' in route && path.startsWith(`${route.path}/`) ? route.path.length : 0;
}
