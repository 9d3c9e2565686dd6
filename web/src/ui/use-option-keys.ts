import { useEffect, useState, type KeyboardEvent } from "react";

/** A list of options that a text field chooses from; the focus stays in the field (WAI-ARIA combobox). */
export interface OptionKeys {
  readonly active: number;
  setActive(this: void, index: number): void;
  onKeyDown(this: void, event: KeyboardEvent): void;
}

/** Arrow keys, Home, End and Enter over as many options; `query` starts from the first again. */
export const useOptionKeys = (count: number, query: string, onChoose: (index: number) => void): OptionKeys => {
  const [active, setActive] = useState(0);
  useEffect(() => setActive(0), [query]);
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
