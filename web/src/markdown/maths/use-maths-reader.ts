import { useSyncExternalStore } from "react";
import type { MathsNode } from "./maths-node.ts";

type MathsReader = (tex: string, isDisplayed: boolean) => MathsNode | null;

const listeners = new Set<() => void>();
let reader: MathsReader | null = null;
let isAsked = false;

const load = async (): Promise<void> => {
  try {
    const { readMaths } = await import("./read-maths.ts");
    reader = readMaths;
    for (const listener of listeners) listener();
  } catch (error) {
    isAsked = false;
    console.warn("formulas stay as they were written", error);
  }
};

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  if (!isAsked) {
    isAsked = true;
    void load();
  }
  return () => listeners.delete(listener);
};

/** What turns TeX into elements; null until it is loaded, which the first formula on the page begins. */
export const useMathsReader = (): MathsReader | null =>
  useSyncExternalStore(
    subscribe,
    () => reader,
    () => null,
  );
