import { parseArgs } from 'node:util';
import type { FunctionDeployment } from '../../../scripts/dev/deployment.ts';
import { projectDeployments } from '../../../scripts/dev/deployments.ts';
import { startLocalFunctionCompute } from '../../../scripts/dev/local-function-compute.ts';
import { log } from '../../../shared/log.ts';

/** Instances of one function in one worker: enough to have two batches of one process in flight. */
const INSTANCES = 2;

const { values } = parseArgs({
  options: { functions: { type: 'string', default: 'dist' }, 'tick-ms': { type: 'string', default: '1000' } },
});

function asWorker(deployment: FunctionDeployment): FunctionDeployment {
  const { timer } = deployment;
  const own = { ...deployment, maxInstances: INSTANCES };
  return timer === undefined ? own : { ...own, timer: { ...timer, intervalMs: Number(values['tick-ms']) } };
}

/** The built functions behind HTTP, in a process that may be killed at any moment. Ends when its input does. */
async function main(): Promise<void> {
  const compute = await startLocalFunctionCompute({
    functions: projectDeployments(values.functions).map(asWorker),
    port: 0,
    region: 'local',
    log,
    duplicateShare: 0,
  });
  log('info', 'worker_listening', { url: compute.url });
  process.stdin.resume().on('end', () => void compute.close().then(() => process.exit(0)));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
