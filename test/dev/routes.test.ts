import { expect, test } from 'vitest';
import type { FunctionDeployment, HttpMethod } from '../../scripts/dev/deployment.ts';
import { route } from '../../scripts/dev/routes.ts';

function deployment(
  name: string,
  path: string,
  methods: HttpMethod[],
  triggerMethods = methods,
): FunctionDeployment {
  return { name, folder: '', methods: triggerMethods, routes: [{ path, methods }], timeoutMs: 1000 };
}

const deployments = [
  deployment('everything', '/*', ['GET']),
  deployment('api', '/api/*', ['GET', 'PATCH'], ['GET']),
  deployment('api-writes', '/api/*', ['POST']),
  deployment('login', '/api/login', ['GET']),
];

function target(method: string, path: string): string {
  const routed = route(deployments, method, path);
  return routed.kind === 'found' ? routed.deployment.name : routed.kind;
}

test('an exact path comes before a wildcard', () => {
  expect(target('GET', '/api/login')).toBe('login');
});

test('the longest prefix wins', () => {
  expect(target('GET', '/api/login/x')).toBe('api');
  expect(target('GET', '/other')).toBe('everything');
});

test('a wildcard does not match the path without its slash', () => {
  expect(target('GET', '/api')).toBe('everything');
});

test('one path serves reads and writes from different functions', () => {
  expect(target('GET', '/api/users')).toBe('api');
  expect(target('POST', '/api/users')).toBe('api-writes');
});

test('a method that no route of the path lists is refused', () => {
  expect(target('DELETE', '/api/users')).toBe('method-refused');
});

test('a method that the trigger does not list is refused although the route does', () => {
  expect(target('PATCH', '/api/users')).toBe('method-refused');
});

test('a path without a route has no function', () => {
  expect(route([], 'GET', '/')).toEqual({ kind: 'no-route' });
});
