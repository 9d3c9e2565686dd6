import { NatterError } from "../../foundation/errors.ts";

const missing = (cause: unknown): NatterError =>
  new NatterError(
    "internal",
    "LangGraph is not installed on this server; run `npm install @langchain/langgraph @langchain/core` there.",
    { cause },
  );

/** The parts of LangGraph and LangChain that the runner builds on; both are optional packages. */
export const loadLanggraph = async () => {
  try {
    const [graph, messages, models, tools, callbacks, outputs, functions] = await Promise.all([
      import("@langchain/langgraph"),
      import("@langchain/core/messages"),
      import("@langchain/core/language_models/chat_models"),
      import("@langchain/core/tools"),
      import("@langchain/core/callbacks/base"),
      import("@langchain/core/outputs"),
      import("@langchain/core/utils/function_calling"),
    ]);
    return { ...graph, ...messages, ...models, ...tools, ...callbacks, ...outputs, ...functions };
  } catch (cause) {
    throw missing(cause);
  }
};

export type Langgraph = Awaited<ReturnType<typeof loadLanggraph>>;
