import { ToolLoopAgent } from "ai";
import { z } from "zod";
import { bookingGraph } from "../../examples/langgraph/booking-graph.ts";
import { stockRunner } from "../../examples/runner/stock-runner.ts";
import { agUi, aiSdk, aiSdkTools, defineAgent, languageModel, langgraph, tool } from "../../src/natter.ts";
import { startPythonAgent } from "../../src/testing/servers/python-agent.ts";
import { callTool, createScriptedModel, say } from "../../src/testing/providers/scripted-model.ts";

const stock = tool({ inputSchema: z.object({ article: z.string() }), execute: () => 7 });
const trains = tool({ inputSchema: z.object({ to: z.string() }), execute: ({ to }) => [`R 12 to ${to}`] });

/** What makes each of the agents call its tool, and what the tool then says. */
export const fourQuestions = {
  python: { name: "PydanticAI", text: "add them", tool: "add", output: "5" },
  graph: { name: "LangGraph", text: "which trains?", tool: "trains", output: ["R 12 to Ghent"] },
  sdk: { name: "AI SDK", text: "which trains?", tool: "trains", output: ["R 12 to Ghent"] },
  own: { name: "Stock", text: "How many of AB-12?", tool: "stock", output: 7 },
} as const;

/** An agent of PydanticAI in its own process, and of LangGraph, the AI SDK and a generator, each with a tool. */
export const startFourFrameworks = async (environment: string) => {
  const python = await startPythonAgent(environment);
  const { python: sums, graph, sdk, own } = fourQuestions;
  const toolLoop = aiSdk(
    async (turn) => new ToolLoopAgent({ model: languageModel(turn), tools: await aiSdkTools(turn) }),
  );
  return {
    agents: {
      python: defineAgent({ name: sums.name, runner: agUi({ url: python.url }) }),
      graph: defineAgent({ name: graph.name, tools: { trains }, runner: langgraph(bookingGraph) }),
      sdk: defineAgent({ name: sdk.name, tools: { trains }, runner: toolLoop }),
      own: defineAgent({ name: own.name, tools: { stock }, runner: stockRunner() }),
    },
    /** Of those that have one: it calls `trains` and says a sentence about what it got. */
    model: createScriptedModel(({ messages, tools }, number) => {
      if (messages.at(-1)?.role === "tool") return [say("There it is.")];
      return [callTool(`call-${number}`, "trains", { to: tools.length > 0 ? "Ghent" : "nowhere" })];
    }),
    close: () => python.kill(),
  };
};

export type FourFrameworks = Awaited<ReturnType<typeof startFourFrameworks>>;
