import type { Langgraph } from "./load-langgraph.ts";
import { GraphSpeech, type Listening } from "./graph-speech.ts";

type Handler = InstanceType<Langgraph["BaseCallbackHandler"]>;
type Told<Name extends keyof Handler> = Parameters<Extract<Handler[Name], (...told: never[]) => unknown>>;

/**
 * Hears what a graph's models say and what its nodes return, in the order in which it happens and before the checkpoint
 * that holds it: LangGraph's own stream comes later than that.
 */
export const createListener = (core: Langgraph, listening: Listening): Handler => {
  const speech = new GraphSpeech(core, listening);
  const methods = {
    name: "natter",
    awaitHandlers: true,
    /** LangChain's sign that models shall stream although nobody reads them as a stream. */
    lc_prefer_streaming: true,
    handleChatModelStart: (...[, , runId, , , tags, metadata]: Told<"handleChatModelStart">) =>
      speech.beginModel(runId, tags, metadata),
    handleLLMNewToken: (...[, , runId, , , fields]: Told<"handleLLMNewToken">) =>
      speech.hear(runId, fields?.chunk !== undefined && "message" in fields.chunk ? fields.chunk.message : undefined),
    handleLLMEnd: (...[{ generations }, runId]: Told<"handleLLMEnd">) => {
      const generation = generations[0]?.[0];
      speech.endModel(runId, generation !== undefined && "message" in generation ? generation.message : undefined);
    },
    handleLLMError: (...[, runId]: Told<"handleLLMError">) => speech.drop(runId),
    // LangChain's declaration has other names for these: its caller gives parent, tags, metadata, type, name
    handleChainStart: (...[, inputs, runId, , tags, metadata, , name]: Told<"handleChainStart">) => {
      if (metadata?.["langgraph_node"] === name && name !== undefined) speech.beginNode(runId, tags, inputs);
    },
    handleChainEnd: (...[outputs, runId]: Told<"handleChainEnd">) => speech.endNode(runId, outputs),
    handleChainError: (...[, runId]: Told<"handleChainError">) => speech.drop(runId),
  };
  return core.BaseCallbackHandler.fromMethods(methods);
};
