import type { BaseCheckpointSaver } from "@langchain/langgraph";
import { NatterError } from "../../foundation/errors.ts";
import type { RunnerCapabilities } from "../../protocol/agent/runner-capabilities.ts";
import type { Runner, Turn } from "../../protocol/agent/turn.ts";
import { errorFromSdk } from "../../providers/ai-sdk/sdk-errors.ts";
import { askInterrupts, type InterruptAnswers } from "./ask-interrupts.ts";
import { createChatModel } from "./chat-model.ts";
import { graphMessages } from "./graph-messages.ts";
import { createGraphTools } from "./graph-tools.ts";
import { createListener } from "./listener.ts";
import { loadLanggraph, type Langgraph } from "./load-langgraph.ts";
import { pendingInterrupts } from "./pending-interrupts.ts";
import { reportUsage } from "./report-usage.ts";
import { createSaver } from "./saver.ts";

interface GraphOptions {
  configurable: { thread_id: string; __pregel_checkpointer: BaseCheckpointSaver };
  callbacks: ReturnType<typeof createListener>[];
  durability: "sync";
  streamMode: "updates"[];
  recursionLimit: number;
  signal: AbortSignal;
}

/** A compiled graph. */
export interface Graph {
  stream(input: unknown, options: GraphOptions): Promise<AsyncIterable<unknown>>;
}

/** What a graph may be built from, within one turn. */
export interface GraphKit {
  readonly turn: Turn;
  /** A model of this server, `<provider id>/<model id>`; default the one that was chosen for the answer. */
  readonly chatModel: (model?: string) => ReturnType<typeof createChatModel>;
  /** The agent's own tools: at most once per call. */
  readonly tools: ReturnType<typeof createGraphTools>;
}

export interface LanggraphOptions {
  /** The input of a graph whose state is more than `messages`. */
  readonly input?: (turn: Turn, messages: ReturnType<typeof graphMessages>) => unknown;
}

const capabilities: RunnerCapabilities = {
  resume: "node",
  toolsAtMostOnce: "own",
  modelMiddleware: "registry",
  usage: "reported",
  approval: "interrupts",
};

const errorOf = (thrown: unknown, core: Langgraph): NatterError => {
  if (thrown instanceof NatterError) return thrown;
  if (thrown instanceof core.GraphRecursionError)
    return new NatterError("step_limit", "The agent took too many steps; ask for less at once.", { cause: thrown });
  return errorFromSdk(thrown);
};

/** A model call and its tools are two steps of a graph; one more to begin. */
const recursionLimit = ({ agent }: Turn): number => 2 * agent.maxSteps + 1;

const noAnswers: InterruptAnswers = new Map();

const firstInput = (core: Langgraph, turn: Turn, input: LanggraphOptions["input"]): unknown => {
  const messages = graphMessages(core, turn.messages);
  return input?.(turn, messages) ?? { messages };
};

/**
 * Drives a LangGraph graph; its checkpoints are in Natter's database, so that after a crash it goes on behind the last
 * node that was done. A function builds the graph for each answer, from models and tools of this server.
 *
 * @example
 * langgraph(({ chatModel, tools }) => createReactAgent({ llm: chatModel(), tools }))
 */
export const langgraph = (
  given: Graph | ((kit: GraphKit) => Graph | Promise<Graph>),
  { input }: LanggraphOptions = {},
): Runner => ({
  name: "langgraph",
  capabilities,
  async run(turn, signal, emit) {
    const core = await loadLanggraph();
    const { completion, kit } = turn;
    const chatModel = (model = completion.model) => createChatModel(core, turn, model);
    const graph =
      typeof given === "function" ? await given({ turn, chatModel, tools: createGraphTools(core, turn) }) : given;
    const reports: Promise<void>[] = [];
    const listener = createListener(core, {
      emit,
      onMessage: (message, metadata) => reports.push(reportUsage(turn, message, metadata)),
    });
    const saver = createSaver(core, kit.checkpoints, completion.id);
    const options: GraphOptions = {
      configurable: { thread_id: completion.id, __pregel_checkpointer: saver },
      callbacks: [listener],
      durability: "sync",
      streamMode: ["updates"],
      recursionLimit: recursionLimit(turn),
      signal,
    };
    const isBegun = kit.isResumed && (await kit.checkpoints.find("")) !== undefined;
    const pending = async (isLive: boolean): Promise<InterruptAnswers> =>
      askInterrupts(turn, await pendingInterrupts(saver, completion.id), emit, isLive);
    try {
      let answers = isBegun ? await pending(false) : noAnswers;
      let next = isBegun ? null : firstInput(core, turn, input);
      for (;;) {
        if (answers === null) return { status: "waiting" };
        if (answers.size > 0) next = new core.Command({ resume: Object.fromEntries(answers) });
        for await (const _update of await graph.stream(next, options)) signal.throwIfAborted();
        answers = await pending(true);
        if (answers?.size === 0) break;
      }
      await Promise.all(reports);
      return { status: "completed", finishReason: "stop" };
    } catch (thrown) {
      signal.throwIfAborted();
      throw errorOf(thrown, core);
    }
  },
});
