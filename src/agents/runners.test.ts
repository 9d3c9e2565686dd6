import { AIMessage } from "@langchain/core/messages";
import { END, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { ToolNode } from "@langchain/langgraph/prebuilt";
import { ToolLoopAgent } from "ai";
import type { RunnerCapabilities } from "../protocol/agent/runner-capabilities.ts";
import { describeRunner } from "../testing/conformance/runner-conformance.ts";
import { createWordAgent } from "../testing/providers/word-agent.ts";
import { agUi } from "./ag-ui/ag-ui.ts";
import { aiSdkTools } from "./ai-sdk/ai-sdk-tools.ts";
import { aiSdk } from "./ai-sdk/ai-sdk.ts";
import { languageModel } from "./ai-sdk/language-model.ts";
import { langgraph, type GraphKit } from "./langgraph/langgraph.ts";
import { toolLoop } from "./tool-loop.ts";
import { wordRunner } from "../testing/providers/word-runner.ts";

const row = (
  resume: RunnerCapabilities["resume"],
  toolsAtMostOnce: RunnerCapabilities["toolsAtMostOnce"],
  modelMiddleware: RunnerCapabilities["modelMiddleware"],
  ...[usage, approval]: [RunnerCapabilities["usage"], RunnerCapabilities["approval"]]
): RunnerCapabilities => ({ resume, toolsAtMostOnce, modelMiddleware, usage, approval });

const wantsTools = ({ messages }: typeof MessagesAnnotation.State): "tools" | typeof END => {
  const last = messages.at(-1);
  return last instanceof AIMessage && (last.tool_calls?.length ?? 0) > 0 ? "tools" : END;
};

const graph = ({ chatModel, tools }: GraphKit) =>
  new StateGraph(MessagesAnnotation)
    .addNode("agent", async ({ messages }) => ({ messages: [await chatModel().bindTools(tools).invoke(messages)] }))
    .addNode("tools", new ToolNode(tools))
    .addEdge(START, "agent")
    .addConditionalEdges("agent", wantsTools, ["tools", END])
    .addEdge("tools", "agent")
    .compile();

describeRunner({
  name: "toolLoop",
  capabilities: row("step", "all", "all", "exact", "tools"),
  create: async () => ({ runner: toolLoop() }),
});

describeRunner({
  name: "langgraph",
  capabilities: row("node", "own", "registry", "reported", "interrupts"),
  create: async () => ({ runner: langgraph(graph) }),
});

describeRunner({
  name: "aiSdk",
  capabilities: row("none", "own", "registry", "reported", "tools"),
  create: async () => ({
    runner: aiSdk(
      async (turn) => new ToolLoopAgent({ model: languageModel(turn), tools: await aiSdkTools(turn), maxRetries: 0 }),
    ),
  }),
});

describeRunner({
  name: "agUi",
  capabilities: row("none", "none", "none", "reported", "interrupts"),
  create: async () => {
    const server = await createWordAgent();
    return { runner: agUi({ url: server.url }), stops: () => server.closed, close: () => server.close() };
  },
});

describeRunner({
  name: "custom",
  capabilities: row("none", "own", "registry", "reported", "tools"),
  create: async () => ({ runner: wordRunner() }),
});
