import { join } from 'node:path';
import type { FunctionDeployment } from './deployment.ts';

const SECOND_MS = 1000;

/**
 * This project's functions with the settings `s.yaml` deploys them with; a test holds the two together.
 *
 * @param outDir where the bundles were built
 */
export function projectDeployments(outDir: string): FunctionDeployment[] {
  return [
    {
      name: 'ingest',
      folder: join(outDir, 'ingest'),
      methods: ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
      routes: [{ path: '/*', methods: ['POST', 'PUT', 'PATCH', 'DELETE'] }],
      timeoutMs: 300 * SECOND_MS,
      memoryMb: 512,
    },
    {
      name: 'context',
      folder: join(outDir, 'context'),
      methods: ['GET', 'HEAD', 'OPTIONS'],
      routes: [{ path: '/*', methods: ['GET', 'HEAD', 'OPTIONS'] }],
      timeoutMs: 60 * SECOND_MS,
      memoryMb: 512,
    },
    {
      name: 'extract',
      folder: join(outDir, 'extract'),
      methods: [],
      routes: [],
      timeoutMs: 300 * SECOND_MS,
      memoryMb: 512,
      asyncRetries: 1,
      asyncMaxAgeMs: 3600 * SECOND_MS,
    },
    {
      name: 'buffer-check',
      folder: join(outDir, 'buffer-check'),
      methods: [],
      routes: [],
      timer: { triggerName: 'every-minute', intervalMs: 60 * SECOND_MS, payload: '{}' },
      timeoutMs: 50 * SECOND_MS,
      memoryMb: 256,
      asyncRetries: 0,
      asyncMaxAgeMs: 60 * SECOND_MS,
    },
    {
      name: 'migrate',
      folder: join(outDir, 'migrate'),
      methods: [],
      routes: [],
      timeoutMs: 600 * SECOND_MS,
      memoryMb: 256,
    },
  ];
}
