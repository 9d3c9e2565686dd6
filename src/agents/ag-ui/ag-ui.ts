import type { Usage } from "../../protocol/agent/model.ts";
import type { RunnerCapabilities } from "../../protocol/agent/runner-capabilities.ts";
import type { Runner, Turn } from "../../protocol/agent/turn.ts";
import { providerError } from "../../providers/errors.ts";
import type { AgentEvent, OtherEvent, TokenUsage } from "./agent-event.ts";
import { EventChunks } from "./event-chunks.ts";
import { answerInterrupts, hidingDenied, keepInterrupts, readInterrupts } from "./interrupts.ts";
import { readRun, type AgentEndpoint } from "./read-run.ts";
import { runInput } from "./run-input.ts";

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

const failed = (cause: unknown) =>
  providerError("provider_failed", cause, { text: "The agent failed while answering; try again." });

type Finished = Extract<AgentEvent, { type: "RUN_FINISHED" }>;
type Emit = Parameters<Runner["run"]>[2];

/** Runs the agent once, to the event that it finished with. */
const runOnce = async (
  turn: Turn,
  endpoint: AgentEndpoint,
  { input, signal, emit }: { input: object; signal: AbortSignal; emit: Emit },
): Promise<Finished> => {
  const chunks = new EventChunks();
  const finished: Finished[] = [];
  let isStarted = false;
  const hear = (event: AgentEvent | OtherEvent): void => {
    if (event.type === "RUN_ERROR") throw failed(new Error(`${event.code ?? ""} ${event.message}`.slice(0, 2_000)));
    if (!isStarted && event.type !== "RUN_STARTED") throw failed(new Error(`the first event was ${event.type}`));
    isStarted = true;
    if (event.type === "RUN_FINISHED") finished.push(event);
    emit(chunks.read(event));
  };
  await readRun(endpoint, input, signal, hear);
  emit(chunks.end());
  const [end = { type: "RUN_FINISHED" as const }] = finished;
  for (const told of end.usage ?? []) await report(turn, told);
  return end;
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
    const endpoint = { url, headers: typeof headers === "function" ? headers(turn) : headers, stallSeconds };
    let asked = turn.kit.isResumed ? await readInterrupts(turn) : [];
    for (;;) {
      const resume = await answerInterrupts(turn, asked, emit);
      if (resume === null) return { status: "waiting" };
      const show = hidingDenied(emit, asked, resume);
      const finished = await runOnce(turn, endpoint, { input: runInput(turn, resume), signal, emit: show });
      if (finished.outcome?.type !== "interrupt") return { status: "completed", finishReason: "stop" };
      asked = await keepInterrupts(turn, finished.outcome.interrupts, emit);
    }
  },
});
