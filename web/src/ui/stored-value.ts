import { isKeeping } from "../kept/forget.ts";

/** A value that this device keeps, the same in every tab; read it with `useSyncExternalStore`. */
export interface StoredValue<Value> {
  subscribe(this: void, listener: () => void): () => void;
  get(this: void): Value;
  set(this: void, value: Value): void;
}

const readText = (key: string): string | null => {
  try {
    return localStorage.getItem(key);
  } catch (error) {
    console.warn(`${key} can't be read; this device keeps nothing`, error);
    return null;
  }
};

const writeText = (key: string, text: string): void => {
  if (!isKeeping()) return;
  try {
    localStorage.setItem(key, text);
  } catch (error) {
    console.warn(`${key} can't be kept on this device`, error);
  }
};

const parseText = (text: string | null): unknown => {
  if (text === null) return null;
  try {
    return JSON.parse(text);
  } catch (error) {
    console.warn("what this device kept is no JSON; it is left out", error);
    return null;
  }
};

/** A value kept under a key of localStorage as JSON; `parse` makes one of whatever is found there. */
export const createStoredValue = <Value>(key: string, parse: (stored: unknown) => Value): StoredValue<Value> => {
  const listeners = new Set<() => void>();
  let value = parse(parseText(readText(key)));
  const change = (next: Value): void => {
    value = next;
    for (const listener of listeners) listener();
  };
  addEventListener("storage", (event) => {
    if (event.key === key) change(parse(parseText(event.newValue)));
  });
  return {
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    get: () => value,
    set: (next) => {
      writeText(key, JSON.stringify(next));
      change(next);
    },
  };
};

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
