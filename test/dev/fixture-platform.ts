import { join } from 'node:path';
import { afterEach, beforeAll } from 'vitest';
import type { FunctionDeployment } from '../../scripts/dev/deployment.ts';
import {
  type LocalFunctionCompute,
  type LocalFunctionComputeOptions,
  startLocalFunctionCompute,
} from '../../scripts/dev/local-function-compute.ts';
import { builtFunctions } from '../support/built-functions.ts';
import { type Probe, resetProbe } from './fixtures/probe.ts';
import { type ManualTimers, manualTimers } from './manual-timers.ts';

/** 2026-01-02T03:04:05.678Z */
export const START_MS = 1_767_323_045_678;
export const TIMEOUT_MS = 9_000;

export interface FixturePlatform {
  readonly platform: LocalFunctionCompute;
  readonly timers: ManualTimers;
  readonly probe: Probe;
  readonly logged: { readonly event: string; readonly fields: Record<string, unknown> }[];
}

type Settings = Partial<FunctionDeployment> & Pick<LocalFunctionComputeOptions, 'random' | 'duplicateShare'>;

/** Call at the top of a test file: gives a function that starts a platform with one fixture function on it. */
export function fixturePlatforms(fixture = 'scripted'): (settings?: Settings) => Promise<FixturePlatform> {
  let outDir = '';
  const running: LocalFunctionCompute[] = [];
  beforeAll(async () => {
    outDir = await builtFunctions(join(import.meta.dirname, 'fixtures'));
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((platform) => platform.close()));
  });
  return async ({ random = () => 0.999, duplicateShare = 0.02, ...settings } = {}) => {
    const timers = manualTimers(START_MS);
    const logged: FixturePlatform['logged'] = [];
    const deployment: FunctionDeployment = {
      name: fixture,
      folder: join(outDir, fixture),
      methods: ['GET', 'POST', 'OPTIONS'],
      routes: [{ path: '/*', methods: ['GET', 'POST', 'PUT', 'OPTIONS'] }],
      timeoutMs: TIMEOUT_MS,
      ...settings,
    };
    const platform = await startLocalFunctionCompute({
      functions: [deployment],
      port: 0,
      region: 'cn-test',
      log: (_level, event, fields = {}) => logged.push({ event, fields }),
      clock: timers.clock,
      random,
      duplicateShare,
      timers,
    });
    running.push(platform);
    return { platform, timers, probe: resetProbe(), logged };
  };
}
