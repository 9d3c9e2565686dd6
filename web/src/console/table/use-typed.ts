import { useEffect, useState } from "react";

const pauseMs = 300;

/** A text that is being typed: it counts when the typing pauses, or at once by `commit`. */
export interface Typed {
  readonly text: string;
  type(this: void, text: string): void;
  commit(this: void): void;
}

export const useTyped = (value: string, onChange: (value: string) => void): Typed => {
  const [draft, setDraft] = useState<string | null>(null);
  const commit = (): void => {
    if (draft !== null && draft !== value) onChange(draft);
    setDraft(null);
  };
  useEffect(() => {
    if (draft === null) return;
    const timer = setTimeout(commit, pauseMs);
    return () => clearTimeout(timer);
  });
  return { text: draft ?? value, type: setDraft, commit };
};
