import { useEffect, useRef, useState, type KeyboardEvent } from "react";

/** A list of options that a text field chooses from; the focus stays in the field (WAI-ARIA combobox). */
export interface OptionKeys {
  readonly active: number;
  setActive(this: void, index: number): void;
  onKeyDown(this: void, event: KeyboardEvent): void;
}

export interface OptionKeysOptions {
  readonly count: number;
  readonly query: string;
  /** Where it begins. */
  readonly first: number;
  readonly onChoose: (index: number) => void;
}

/** Arrow keys, page keys and Enter over so many options; `query` starts from the first again. */
export const useOptionKeys = (options: OptionKeysOptions): OptionKeys => {
  const { count, query, first, onChoose } = options;
  const [active, setActive] = useState(first);
  const asked = useRef(query);
  useEffect(() => {
    if (asked.current !== query) setActive(0);
    asked.current = query;
  }, [query]);
  const shown = Math.min(active, Math.max(0, count - 1));
  const targetOf = (key: string): number | null => {
    if (key === "ArrowDown") return (shown + 1) % count;
    if (key === "ArrowUp") return (shown - 1 + count) % count;
    if (key === "PageDown") return Math.min(count - 1, shown + 8);
    return key === "PageUp" ? Math.max(0, shown - 8) : null;
  };
  return {
    active: shown,
    setActive,
    onKeyDown: (event) => {
      if (event.nativeEvent.isComposing || count === 0) return;
      const target = targetOf(event.key);
      if (target !== null) setActive(target);
      else if (event.key === "Enter") onChoose(shown);
      else return;
      event.preventDefault();
    },
  };
};
