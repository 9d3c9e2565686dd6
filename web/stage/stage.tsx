import { type ComponentType, useSyncExternalStore } from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import type { Stage } from "./stage-contract.ts";
import "./stage.css";

/** What shows a text; the last of a page may still be growing. */
type Shown = ComponentType<Readonly<{ text: string; isStreaming: boolean }>>;

declare global {
  interface Window {
    stage: Stage;
  }
}

type State = Readonly<{ finished: readonly string[]; text: string; isStreaming: boolean }>;

const nextFrame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));

/** Puts messages made by `Shown` on the page, and `window.stage` to work with them. */
export const openStage = (Shown: Shown): void => {
  const element = document.getElementById("stage");
  if (element === null) throw new Error("the page has no element with the id stage");
  let state: State = { finished: [], text: "", isStreaming: false };
  const listeners = new Set<() => void>();
  const subscribe = (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  const set = (next: Partial<State>): void => {
    state = { ...state, ...next };
    flushSync(() => listeners.forEach((listener) => listener()));
  };
  const useStage = (): State => useSyncExternalStore(subscribe, () => state);

  const Finished = () =>
    useStage().finished.map((text, index) => (
      <article key={index}>
        <Shown text={text} isStreaming={false} />
      </article>
    ));
  const Last = () => {
    const { text, isStreaming } = useStage();
    return (
      <article>
        <Shown text={text} isStreaming={isStreaming} />
      </article>
    );
  };
  createRoot(element).render(
    <main>
      <Finished />
      <Last />
    </main>,
  );

  window.stage = {
    mount: (finished) => {
      set({ finished, text: "", isStreaming: false });
      element.scrollTop = element.scrollHeight;
    },
    show: (text, isStreaming) => set({ text, isStreaming }),
    stream: async (tokens, perSecond) => {
      const frames: number[] = [];
      const started = performance.now();
      for (let count = 0; count < tokens.length;) {
        frames.push(await nextFrame());
        const due = Math.min(tokens.length, Math.floor(((performance.now() - started) * perSecond) / 1_000));
        if (due === count) continue;
        count = due;
        set({ text: tokens.slice(0, count).join(""), isStreaming: true });
        element.scrollTop = element.scrollHeight;
      }
      set({ isStreaming: false });
      return frames;
    },
  };
};
