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
