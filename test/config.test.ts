import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { configSchema, loadConfig } from '../shared/config.ts';

function yamlFile(text: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'memobase-config-')), 'config.yaml');
  writeFileSync(file, text);
  return file;
}

describe('the configuration', () => {
  test('has defaults for everything but secrets and addresses', async () => {
    const { config, unknown } = await loadConfig({});
    expect(config.language).toBe('en');
    expect(config.buffer_flush_interval).toBe(3600);
    expect(config.max_chat_blob_buffer_token_size).toBe(1024);
    expect(config.access_token).toBeUndefined();
    expect(unknown).toEqual([]);
  });

  test('takes the file over the default and the environment over the file', async () => {
    const file = yamlFile('language: zh\nbuffer_flush_interval: 60\nbest_llm_model: qwen-plus\n');
    const { config } = await loadConfig({
      MEMOBASE_CONFIG_FILE: file,
      MEMOBASE_BUFFER_FLUSH_INTERVAL: '120',
    });
    expect(config.language).toBe('zh');
    expect(config.buffer_flush_interval).toBe(120);
    expect(config.best_llm_model).toBe('qwen-plus');
  });

  test('reads numbers, booleans and maps from the environment, and keeps an all-digit key a string', async () => {
    const { config } = await loadConfig({
      MEMOBASE_FLUSH_SHARDS: '4',
      MEMOBASE_ENABLE_EVENT_EMBEDDING: 'False',
      MEMOBASE_LLM_OPENAI_DEFAULT_HEADER: '{"x-team":"memory"}',
      MEMOBASE_LLM_API_KEY: '123456',
    });
    expect(config.flush_shards).toBe(4);
    expect(config.enable_event_embedding).toBe(false);
    expect(config.llm_openai_default_header).toEqual({ 'x-team': 'memory' });
    expect(config.llm_api_key).toBe('123456');
  });

  test('counts an empty string as absent', async () => {
    const { config } = await loadConfig({ MEMOBASE_LLM_BASE_URL: '', MEMOBASE_LANGUAGE: '' });
    expect(config.llm_base_url).toBeUndefined();
    expect(config.language).toBe('en');
  });

  test('names key, rule and value of each wrong setting, and how to set it', async () => {
    const wrong = loadConfig({ MEMOBASE_USE_TIMEZONE: 'Mars/Base', MEMOBASE_FLUSH_SHARDS: 'many' });
    await expect(wrong).rejects.toMatchObject({ code: 'config_invalid' });
    await expect(wrong).rejects.toThrow(
      'use_timezone: an IANA time zone such as Asia/Shanghai; got "Mars/Base"',
    );
    await expect(wrong).rejects.toThrow('MEMOBASE_FLUSH_SHARDS');
  });

  test('never shows the value of a secret', async () => {
    const file = yamlFile('llm_api_key: [sk-canary-1]\naccess_token: 5\n');
    const wrong = loadConfig({ MEMOBASE_CONFIG_FILE: file });
    await expect(wrong).rejects.toThrow('llm_api_key');
    await expect(wrong).rejects.not.toThrow('canary');
  });

  test('reports names that nothing reads', async () => {
    const file = yamlFile('langauge: zh\n');
    const { unknown } = await loadConfig({ MEMOBASE_CONFIG_FILE: file, MEMOBASE_LLM_APIKEY: 'x' });
    expect(unknown).toEqual(['langauge', 'MEMOBASE_LLM_APIKEY']);
  });

  test('refuses a file that is missing, broken or no mapping', async () => {
    await expect(loadConfig({ MEMOBASE_CONFIG_FILE: '/nowhere/config.yaml' })).rejects.toThrow(
      'no such file',
    );
    await expect(loadConfig({ MEMOBASE_CONFIG_FILE: yamlFile('a: [1') })).rejects.toThrow('not valid YAML');
    await expect(loadConfig({ MEMOBASE_CONFIG_FILE: yamlFile('- a\n') })).rejects.toThrow(
      'mapping of settings',
    );
  });

  test('declares no setting that nothing reads', async () => {
    const { readFileSync, readdirSync } = await import('node:fs');
    const root = join(import.meta.dirname, '..');
    const files = ['shared', 'functions', 'scripts'].flatMap((room) =>
      readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts') && name !== 'config.ts')
        .map((name) => readFileSync(join(root, room, name), 'utf8')),
    );
    const code = files.join('\n');
    const unread = Object.keys(configSchema.shape).filter(
      (key) => !new RegExp(`(config\\.|\\{ )${key}\\b`).test(code),
    );
    expect(unread).toEqual([]);
  });
});
