import { describe, expect, test } from 'vitest';
import { frameContext } from '../../shared/domain/context-frame.ts';

const SECTIONS = { profile: '- work::title: cook', events: '2023-05-01\n- moved' };

describe('the frame of a context', () => {
  test('is English by default', () => {
    expect(frameContext(SECTIONS, 'en', null)).toBe(`---
# Memory
What follows is remembered about this user; bring it up only where it helps to answer what the user asks.
## User Current Profile:
- work::title: cook

## Past Events:
2023-05-01
- moved
---
`);
  });

  test('is Chinese for a Chinese project', () => {
    expect(frameContext(SECTIONS, 'zh', null)).toBe(`---
# 记忆
以下是关于该用户的记忆；只有在有助于回答用户当前问题时才提及，否则不要主动说起。
## 用户当前状态：
- work::title: cook

## 过去事件：
2023-05-01
- moved
---
`);
  });

  test('can be replaced, the two names standing anywhere and any number of times', () => {
    expect(frameContext(SECTIONS, 'en', '{event_section}|{profile_section}|{event_section}')).toBe(
      '2023-05-01\n- moved|- work::title: cook|2023-05-01\n- moved',
    );
  });

  test('turns doubled braces into single ones and leaves everything else as text', () => {
    expect(frameContext(SECTIONS, 'en', '{{x}} {other} { } {{profile_section}}')).toBe(
      '{x} {other} { } {profile_section}',
    );
  });

  test('never looks for names inside a section', () => {
    const sections = { profile: '$& {event_section} {{', events: 'E' };
    expect(frameContext(sections, 'en', '{profile_section}')).toBe('$& {event_section} {{');
  });

  test('is empty for an empty template', () => {
    expect(frameContext(SECTIONS, 'en', '')).toBe('');
  });
});
