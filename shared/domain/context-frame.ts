export interface ContextSections {
  readonly profile: string;
  readonly events: string;
}

/** The stable part comes first, so that a provider's prompt cache can reuse it. */
const TEMPLATES = {
  en: `---
# Memory
What follows is remembered about this user; bring it up only where it helps to answer what the user asks.
## User Current Profile:
{profile_section}

## Past Events:
{event_section}
---
`,
  zh: `---
# 记忆
以下是关于该用户的记忆；只有在有助于回答用户当前问题时才提及，否则不要主动说起。
## 用户当前状态：
{profile_section}

## 过去事件：
{event_section}
---
`,
} as const;

/** o200k_base tokens of the default frames around empty sections, and room for breaks that join a section's. */
export const FRAME_TOKENS = { en: 40, zh: 50 } as const;

const RECENT_HEADINGS = {
  en: '## Recent, not yet processed:',
  zh: '## 最近的对话（尚未整理）：',
} as const;
/** o200k_base tokens of the longest of the headings above with its line break. */
export const RECENT_HEADING_TOKENS = 12;

/** What is too new to be in the sections above it: the messages that still wait for extraction. */
export function recentSection(lines: readonly string[], language: keyof typeof TEMPLATES): string {
  return lines.length === 0 ? '' : `${RECENT_HEADINGS[language]}\n${lines.join('\n')}\n`;
}

/**
 * The context around its two sections.
 *
 * @param template `{profile_section}` and `{event_section}` are replaced, `{{` and `}}` give single braces, anything
 *   else stays as it is; null for the default of the language
 */
export function frameContext(
  sections: ContextSections,
  language: keyof typeof TEMPLATES,
  template: string | null,
): string {
  return (template ?? TEMPLATES[language]).replace(
    /\{\{|\}\}|\{profile_section\}|\{event_section\}/g,
    (found) => {
      if (found === '{{') return '{';
      if (found === '}}') return '}';
      return found === '{event_section}' ? sections.events : sections.profile;
    },
  );
}
