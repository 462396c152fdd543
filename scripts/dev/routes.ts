import type { FunctionDeployment, HttpMethod, Route } from './deployment.ts';

export type Routed =
  | { readonly kind: 'found'; readonly deployment: FunctionDeployment }
  /** Some route has the path, but neither it nor its function's trigger lists the method. */
  | { readonly kind: 'method-refused' }
  | { readonly kind: 'no-route' };

/** Picks the function as a custom domain does: an exact path before a wildcard, then the longest prefix. */
export function route(deployments: readonly FunctionDeployment[], method: string, path: string): Routed {
  const candidates = deployments
    .flatMap((deployment) => deployment.routes.map((entry) => ({ deployment, entry })))
    .filter(({ entry }) => matches(entry.path, path))
    .sort((a, b) => rank(b.entry) - rank(a.entry));
  if (candidates.length === 0) return { kind: 'no-route' };
  const best = candidates.find(({ entry }) => lists(entry.methods, method));
  if (best === undefined || !lists(best.deployment.methods, method)) return { kind: 'method-refused' };
  return { kind: 'found', deployment: best.deployment };
}

function matches(pattern: string, path: string): boolean {
  return pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern;
}

function rank({ path }: Route): number {
  return path.endsWith('*') ? path.length - 1 : Number.POSITIVE_INFINITY;
}

function lists(methods: readonly HttpMethod[], method: string): boolean {
  return methods.some((listed) => listed === method);
}
