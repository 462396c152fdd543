import { parseArgs } from 'node:util';
import { startOfflineModel } from './server.ts';

const { values } = parseArgs({ options: { port: { type: 'string', default: '0' } } });
const port = Number(values.port);
if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  console.error(`--port must be a whole number from 0 (any free port) to 65535, got '${values.port}'`);
  process.exit(2);
}

const model = await startOfflineModel({ port });
console.log('Offline model: fixed rules for English and Chinese, not a language model.');
console.log('It understands simple statements and misses the rest; use a real model for real conversations.');
console.log(`OpenAI-compatible base URL: ${model.url}   model: offline-rules   key: any   embeddings: none`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void model.close());
