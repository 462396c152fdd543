import type { MemoryEvent } from './memory.ts';

/** All that is given has to hold; an empty filter lets every event through. */
export interface EventFilter {
  /** Tags the event must have, whatever their value. */
  readonly tags: readonly string[];
  /** Tags the event must have with this value. */
  readonly tagValues: Readonly<Record<string, string>>;
  /** Topics and sub-topics, of which the event's profile changes must touch at least one each. */
  readonly topics: readonly string[];
  readonly subTopics: readonly string[];
}

/** Whether an event passes the filter. */
export function passesFilter({ tags, delta }: MemoryEvent, filter: EventFilter): boolean {
  const has = (tag: string, value?: string): boolean =>
    (tags ?? []).some((own) => own.tag === tag && (value === undefined || own.value === value));
  const touches = (attribute: 'topic' | 'sub_topic', names: readonly string[]): boolean =>
    names.length === 0 || delta.some(({ attributes }) => names.includes(String(attributes[attribute])));
  return (
    filter.tags.every((tag) => has(tag)) &&
    Object.entries(filter.tagValues).every(([tag, value]) => has(tag, value)) &&
    touches('topic', filter.topics) &&
    touches('sub_topic', filter.subTopics)
  );
}
