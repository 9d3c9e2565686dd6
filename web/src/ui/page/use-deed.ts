import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { messageOf } from "../message-of.ts";

/** Something that is done on the server: whether it is on its way, and why it was refused. */
export interface Deed {
  readonly isBusy: boolean;
  readonly error: string | null;
  /** Does it, and then reads the lists anew. */
  act(this: void, work: () => Promise<unknown>): void;
}

/** What is done with lists that stand under these keys. */
export const useDeed = (...keys: readonly string[]): Deed => {
  const queries = useQueryClient();
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const run = async (work: () => Promise<unknown>): Promise<void> => {
    setIsBusy(true);
    setError(null);
    try {
      await work();
    } catch (thrown) {
      setError(messageOf(thrown));
    }
    await Promise.all(keys.map((key) => queries.invalidateQueries({ queryKey: [key] })));
    setIsBusy(false);
  };
  return { isBusy, error, act: (work) => void run(work) };
};
