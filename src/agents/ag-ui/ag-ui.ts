import type { RunAgentInput } from "@ag-ui/core";
import type { Usage } from "../../protocol/model.ts";
import type { RunnerCapabilities } from "../../protocol/runner-capabilities.ts";
import type { Runner, Turn, TurnEnd } from "../../protocol/turn.ts";
import { providerError } from "../../providers/errors.ts";
import type { AgentEvent, OtherEvent, TokenUsage } from "./agent-event.ts";
import { EventChunks } from "./event-chunks.ts";
import { readRun } from "./read-run.ts";
import { runMessages } from "./run-messages.ts";

export interface AgUiOptions {
  /** Where the agent answers `RunAgentInput` with server-sent events. */
  readonly url: string;
  /** Sent with each run, as `authorization`; a function makes them for each answer. */
  readonly headers?: Readonly<Record<string, string>> | ((turn: Turn) => Readonly<Record<string, string>>);
  /** Seconds of silence until a run counts as failed. Default 120. */
  readonly stallSeconds?: number;
}

const capabilities: RunnerCapabilities = {
  resume: "none",
  toolsAtMostOnce: "none",
  modelMiddleware: "none",
  usage: "reported",
  approval: "interrupts",
};

const counted = (name: keyof Usage, tokens: number | null | undefined): Partial<Usage> =>
  tokens === null || tokens === undefined ? {} : { [name]: tokens };

const report = (turn: Turn, { provider, model, ...told }: TokenUsage): Promise<void> => {
  const usage: Usage = {
    inputTokens: told.inputTokens ?? 0,
    outputTokens: told.outputTokens ?? 0,
    ...counted("cacheReadTokens", told.cachedInputTokens),
    ...counted("cacheWriteTokens", told.cacheWriteInputTokens),
    ...counted("reasoningTokens", told.reasoningTokens),
  };
  return turn.kit.report(usage, model ? `${provider ?? turn.agent.id}/${model}` : undefined);
};

/** The conversation is the thread, the answer the run. What was said to the agent of itself goes as context. */
const inputOf = ({ completion, instructions, messages }: Turn): RunAgentInput => ({
  threadId: completion.conversationId,
  runId: completion.id,
  protocolVersion: "1.0",
  messages: runMessages(messages),
  tools: [],
  context:
    instructions === undefined ? [] : [{ description: "Instructions for this conversation", value: instructions }],
  state: {},
  forwardedProps: {},
});

const failed = (cause: unknown) =>
  providerError("provider_failed", cause, { text: "The agent failed while answering; try again." });

type Finished = Extract<AgentEvent, { type: "RUN_FINISHED" }>;

const endOf = async (turn: Turn, { usage }: Finished): Promise<TurnEnd> => {
  for (const told of usage ?? []) await report(turn, told);
  return { status: "completed", finishReason: "stop" };
};

/**
 * Drives an agent behind an AG-UI 1.0 endpoint: PydanticAI, Mastra, CrewAI, Agno and others.
 *
 * @example agUi({ url: "http://127.0.0.1:8000/", headers: { authorization: `Bearer ${token}` } })
 */
export const agUi = ({ url, headers = {}, stallSeconds = 120 }: AgUiOptions): Runner => ({
  name: "agUi",
  capabilities,
  async run(turn, signal, emit) {
    const chunks = new EventChunks();
    const own = typeof headers === "function" ? headers(turn) : headers;
    let isStarted = false;
    let finished: Finished | null = null;
    const hear = (event: AgentEvent | OtherEvent): void => {
      if (event.type === "RUN_ERROR") throw failed(new Error(`${event.code ?? ""} ${event.message}`.slice(0, 2_000)));
      if (!isStarted && event.type !== "RUN_STARTED") throw failed(new Error(`the first event was ${event.type}`));
      isStarted = true;
      if (event.type === "RUN_FINISHED") finished = event;
      emit(chunks.read(event));
    };
    await readRun({ url, headers: own, stallSeconds }, inputOf(turn), signal, hear);
    emit(chunks.end());
    return endOf(turn, finished ?? { type: "RUN_FINISHED" });
  },
});
