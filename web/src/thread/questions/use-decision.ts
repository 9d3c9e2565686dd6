import { RequestError } from "natter/client";
import { useState } from "react";
import { useThread } from "../thread-context.ts";
import { toolTexts } from "../tools/tool-texts.ts";

export interface DecisionHandle<Answer> {
  /** Whether an answer was given, here, and is on its way or has arrived. */
  readonly isGiven: boolean;
  /** Why it was not taken. */
  readonly problem: string | null;
  give(this: void, answer: Answer): void;
}

const problemOf = (thrown: unknown): string => {
  if (!(thrown instanceof RequestError)) return String(thrown);
  if (thrown.status === 403) return toolTexts.notAllowed;
  return thrown.status === 409 || thrown.status === 404 || thrown.status === 410
    ? toolTexts.decidedElsewhere
    : thrown.message;
};

/** An answer to a question, given once; what the server makes of it shows by itself. */
export const useDecision = <Answer>(send: (answer: Answer) => Promise<void>): DecisionHandle<Answer> => {
  const { store } = useThread();
  const [isGiven, setIsGiven] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const give = async (answer: Answer): Promise<void> => {
    setIsGiven(true);
    setProblem(null);
    try {
      await send(answer);
    } catch (thrown) {
      if (!(thrown instanceof RequestError)) console.error(thrown);
      setProblem(problemOf(thrown));
      setIsGiven(false);
      // it may have been decided meanwhile, and this device missed it
      store.refresh().catch(() => undefined);
    }
  };
  return {
    isGiven,
    problem,
    give: (answer) => {
      if (!isGiven) void give(answer);
    },
  };
};
