import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { projectDeployments } from '../../scripts/dev/deployments.ts';
import { configSchema } from '../../shared/config.ts';

const REPOSITORY = join(import.meta.dirname, '../..');
const FOLDERS = ['buffer-check', 'context', 'extract', 'ingest', 'migrate'];
const CRON = /^(?:CRON_TZ=\S+ )?\S+ \S+ \S+ \S+ \S+ \S+$/;

interface Trigger {
  triggerType: string;
  triggerName: string;
  qualifier: string;
  triggerConfig: {
    authType?: string;
    methods?: string[];
    cronExpression?: string;
    enable?: boolean;
    payload?: string;
  };
}
interface FunctionProps {
  functionName: string;
  runtime: string;
  handler: string;
  code: string;
  cpu: number;
  memorySize: number;
  diskSize: number;
  timeout: number;
  environmentVariables: Record<string, string>;
  instanceLifecycleConfig: Record<'initializer' | 'preStop', { handler: string; timeout: number }>;
  asyncInvokeConfig?: {
    asyncTask: boolean;
    maxAsyncRetryAttempts: number;
    maxAsyncEventAgeInSeconds: number;
  };
  triggers?: Trigger[];
}
interface DomainProps {
  routeConfig: { routes: { path: string; functionName: string; methods: string[] }[] };
}
interface Preview {
  resources: Record<string, { component: string; props: unknown }>;
}

/** A copy of the file in a folder of its own: a developer's `.env` beside the original is left out. */
const folder = mkdtempSync(join(tmpdir(), 'memobase-s-'));
cpSync(join(REPOSITORY, 's.yaml'), join(folder, 's.yaml'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/**
 * Needs no account and no network; throws unless the exit code is 0. Told that this is CI, the tool leaves no
 * process behind that looks for its updates.
 */
function previewWith(variables: Record<string, string>): Preview {
  const printed = execFileSync(
    join(REPOSITORY, 'node_modules/.bin/s'),
    ['preview', '-o', 'json', '--silent'],
    {
      cwd: folder,
      env: { PATH: process.env['PATH'], HOME: folder, SERVERLESS_DEVS_CICD: 'true', ...variables },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  return JSON.parse(printed) as Preview;
}

let preview: Preview = { resources: {} };
beforeAll(() => {
  preview = previewWith({});
});

function functionProps(folder: string): FunctionProps {
  return preview.resources[folder]?.props as FunctionProps;
}

test('the functions are deployed, each from the bundle of its folder', () => {
  const deployed = Object.entries(preview.resources).filter(([, { component }]) => component === 'fc3');

  expect(deployed.map(([name]) => name).sort()).toEqual(FOLDERS);
  for (const folder of FOLDERS) {
    expect(existsSync(join(REPOSITORY, 'functions', folder))).toBe(true);
    expect(functionProps(folder)).toMatchObject({
      functionName: `memobase-${folder}`,
      code: `./dist/${folder}`,
      handler: 'index.handler',
      runtime: 'nodejs20',
      instanceLifecycleConfig: {
        initializer: { handler: 'index.initialize' },
        preStop: { handler: 'index.preStop' },
      },
    });
  }
});

describe.each(FOLDERS)('%s', (folder) => {
  test('asks for a size the platform has', () => {
    const { cpu, memorySize, diskSize, timeout } = functionProps(folder);

    expect(memorySize % 64).toBe(0);
    expect(Number.isInteger(Math.round(cpu * 1000) / 50)).toBe(true);
    expect(memorySize / 1024 / cpu).toBeGreaterThanOrEqual(1);
    expect(memorySize / 1024 / cpu).toBeLessThanOrEqual(4);
    expect([512, 10240]).toContain(diskSize);
    expect(timeout).toBeLessThanOrEqual(86_400);
  });

  test('has hooks within the limits of the platform', () => {
    const { initializer, preStop } = functionProps(folder).instanceLifecycleConfig;

    expect(initializer.timeout).toBeLessThanOrEqual(300);
    expect(preStop.timeout).toBeLessThanOrEqual(90);
  });

  test('has an environment the platform accepts: strings, no reserved name, under 4 KB', () => {
    const { environmentVariables } = functionProps(folder);

    expect(Object.keys(environmentVariables).filter((name) => name.startsWith('FC_'))).toEqual([]);
    expect(Object.values(environmentVariables).filter((value) => typeof value !== 'string')).toEqual([]);
    expect(Buffer.byteLength(JSON.stringify(environmentVariables))).toBeLessThan(4096);
  });

  test('can be given every setting the code reads, and nothing else', () => {
    const settings = Object.keys(configSchema.shape).map((key) => `MEMOBASE_${key.toUpperCase()}`);

    expect(Object.keys(functionProps(folder).environmentVariables).sort()).toEqual(settings.sort());
  });

  test('runs locally with the same settings', () => {
    const { memorySize, timeout, asyncInvokeConfig, triggers = [] } = functionProps(folder);
    const local = projectDeployments('/out').find(({ name }) => name === folder);
    const http = triggers.find(({ triggerType }) => triggerType === 'http');
    const timer = triggers.find(({ triggerType }) => triggerType === 'timer');

    expect(local?.folder).toBe(`/out/${folder}`);
    expect(local?.memoryMb).toBe(memorySize);
    expect(local?.timeoutMs).toBe(timeout * 1000);
    expect(local?.asyncRetries).toBe(asyncInvokeConfig?.maxAsyncRetryAttempts);
    expect(local?.asyncMaxAgeMs).toBe(
      asyncInvokeConfig && asyncInvokeConfig.maxAsyncEventAgeInSeconds * 1000,
    );
    expect(local?.methods).toEqual(http?.triggerConfig.methods ?? []);
    expect(local?.timer?.triggerName).toBe(timer?.triggerName);
    expect(local?.timer?.payload).toBe(timer?.triggerConfig.payload);
  });
});

test.each([
  ['ingest', ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']],
  ['context', ['GET', 'HEAD', 'OPTIONS']],
])('%s answers HTTP, preflight requests too, and checks tokens itself', (folder, methods) => {
  expect(functionProps(folder).triggers).toMatchObject([
    { triggerType: 'http', qualifier: 'LATEST', triggerConfig: { authType: 'anonymous', methods } },
  ]);
});

test('buffer-check runs every minute and ends before its next run', () => {
  const [timer, ...others] = functionProps('buffer-check').triggers ?? [];

  expect(others).toEqual([]);
  expect(timer).toMatchObject({ triggerType: 'timer', triggerConfig: { enable: true } });
  expect(timer?.triggerConfig.cronExpression).toMatch(CRON);
  expect(timer?.triggerConfig.cronExpression).toBe('0 * * * * *');
  expect(functionProps('buffer-check').timeout).toBeLessThan(60);
});

test.each([
  ['extract', 1, 3600],
  ['buffer-check', 0, 60],
])('%s says how often and how long an asynchronous call is retried', (folder, retries, ageSeconds) => {
  expect(functionProps(folder).asyncInvokeConfig).toMatchObject({
    asyncTask: true,
    maxAsyncRetryAttempts: retries,
    maxAsyncEventAgeInSeconds: ageSeconds,
  });
});

test('an extraction done for a waiting caller has as much time as one in the background', () => {
  expect(functionProps('ingest').timeout).toBe(functionProps('extract').timeout);
});

test('the domain sends reads to context and writes to ingest, here as there', () => {
  const domain = preview.resources['domain']?.props as DomainProps | undefined;
  const deployed = domain?.routeConfig.routes.map(({ path, functionName, methods }) => ({
    path,
    functionName,
    methods,
  }));
  const local = projectDeployments('/out').flatMap(({ name, routes }) =>
    routes.map(({ path, methods }) => ({ path, functionName: `memobase-${name}`, methods })),
  );

  expect(deployed).toEqual([
    { path: '/*', functionName: 'memobase-context', methods: ['GET', 'HEAD', 'OPTIONS'] },
    { path: '/*', functionName: 'memobase-ingest', methods: ['POST', 'PUT', 'PATCH', 'DELETE'] },
  ]);
  expect(local).toHaveLength(2);
  expect(local).toEqual(expect.arrayContaining(deployed ?? []));
});

test('what differs between installations comes from the environment', () => {
  const other = previewWith({
    DEPLOY_REGION: 'ap-southeast-1',
    DEPLOY_PREFIX: 'staging',
    DEPLOY_VPC_ID: 'vpc-1',
    DEPLOY_ROLE_ARN: 'acs:ram::7:role/r',
    MEMOBASE_LLM_API_KEY: 'key-1',
  });

  expect(other.resources['extract']?.props).toMatchObject({
    region: 'ap-southeast-1',
    functionName: 'staging-extract',
    role: 'acs:ram::7:role/r',
    vpcConfig: { vpcId: 'vpc-1' },
    environmentVariables: { MEMOBASE_LLM_API_KEY: 'key-1' },
  });
});
