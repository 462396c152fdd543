import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const LANGUAGES = ['en', 'zh'] as const;
const NAMES = ['memory_extraction', 'profile_merge', 'profile_pick'] as const;

const promptsFolder = join(dirname(fileURLToPath(import.meta.url)), '..', 'prompts');

/** The text of `prompts/index.ts`: each `prompts/<language>/<name>.md`, under the name of its step. */
export function renderPrompts(): string {
  const languages = LANGUAGES.map((language) => {
    const prompts = NAMES.map((name) => `    ${name}: \`${escaped(readPrompt(language, name))}\`,\n`);
    return `  ${language}: {\n${prompts.join('')}  },\n`;
  });
  return `// Generated from prompts/*/*.md by scripts/build-prompts.ts: change those, then run it.

export const PROMPTS = {
${languages.join('')}} as const;
export type PromptLanguage = keyof typeof PROMPTS;
export type PromptName = keyof (typeof PROMPTS)[PromptLanguage];
`;
}

function readPrompt(language: string, name: string): string {
  return readFileSync(join(promptsFolder, language, `${name.replaceAll('_', '-')}.md`), 'utf8').trimEnd();
}

function escaped(text: string): string {
  return text.replace(/[\\`]|\$\{/g, (special) => `\\${special}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(join(promptsFolder, 'index.ts'), renderPrompts());
}
