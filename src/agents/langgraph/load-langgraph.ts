import type * as callbacks from "@langchain/core/callbacks/base";
import type * as models from "@langchain/core/language_models/chat_models";
import type * as messages from "@langchain/core/messages";
import type * as outputs from "@langchain/core/outputs";
import type * as tools from "@langchain/core/tools";
import type * as functions from "@langchain/core/utils/function_calling";
import type * as graph from "@langchain/langgraph";
import { NatterError } from "../../foundation/errors.ts";

export type Langgraph = typeof graph &
  typeof messages &
  typeof models &
  typeof tools &
  typeof callbacks &
  typeof outputs &
  typeof functions;

const missing = (cause: unknown): NatterError =>
  new NatterError(
    "internal",
    "LangGraph is not installed on this server; run `npm install @langchain/langgraph @langchain/core` there.",
    { cause },
  );

/** The parts of LangGraph and LangChain that the runner builds on; both are optional packages. */
export const loadLanggraph = async (): Promise<Langgraph> => {
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
