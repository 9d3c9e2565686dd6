import type { FinishReason, ModelMessage, TextStreamPart, ToolSet } from "ai";
import { NatterError } from "../../foundation/errors.ts";
import type { Usage } from "../../protocol/agent/model.ts";
import type { RunnerCapabilities } from "../../protocol/agent/runner-capabilities.ts";
import type { Runner, Turn } from "../../protocol/agent/turn.ts";
import { errorFromSdk } from "../../providers/ai-sdk/sdk-errors.ts";
import { resultChunk } from "../../tools/answered-parts.ts";
import { ToolRefusal } from "../tool-refusal.ts";
import { answerSoFar } from "./answer-so-far.ts";
import { registryProvider } from "./language-model.ts";
import { beginWait } from "./sdk-waits.ts";

type Emit = Parameters<Runner["run"]>[2];

interface SdkUsage {
  readonly inputTokens: number | undefined;
  readonly outputTokens: number | undefined;
  readonly inputTokenDetails?: {
    readonly cacheReadTokens?: number | undefined;
    readonly cacheWriteTokens?: number | undefined;
  };
  readonly outputTokenDetails?: { readonly reasoningTokens?: number | undefined };
}

interface SdkStep {
  readonly model: { readonly provider: string; readonly modelId: string };
  readonly usage: SdkUsage;
}

interface SdkCall {
  messages: ModelMessage[];
  abortSignal: AbortSignal;
  onStepEnd(step: SdkStep): Promise<void>;
}

/** An agent of AI SDK 7: a `ToolLoopAgent`, or anything else that implements its `Agent`. */
export interface SdkAgent {
  readonly tools: ToolSet;
  stream(call: SdkCall): PromiseLike<{
    readonly stream: ReadableStream<TextStreamPart<ToolSet>>;
    readonly finishReason: PromiseLike<FinishReason>;
  }>;
}

const capabilities: RunnerCapabilities = {
  resume: "none",
  toolsAtMostOnce: "own",
  modelMiddleware: "registry",
  usage: "reported",
  approval: "tools",
};

const counted = (name: keyof Usage, count: number | undefined): Partial<Usage> =>
  count === undefined ? {} : { [name]: count };

const usageOf = ({ inputTokens, outputTokens, inputTokenDetails, outputTokenDetails }: SdkUsage): Usage => ({
  inputTokens: inputTokens ?? 0,
  outputTokens: outputTokens ?? 0,
  ...counted("cacheReadTokens", inputTokenDetails?.cacheReadTokens),
  ...counted("cacheWriteTokens", inputTokenDetails?.cacheWriteTokens),
  ...counted("reasoningTokens", outputTokenDetails?.reasoningTokens),
  ...(inputTokens === undefined && outputTokens === undefined ? { estimated: true } : {}),
});

/** Models made here are in the ledger; `openai.responses` is the provider `openai`. */
const report = async (turn: Turn, { model, usage }: SdkStep): Promise<void> => {
  if (model.provider === registryProvider) return;
  await turn.kit.report(usageOf(usage), `${model.provider.split(".")[0] ?? ""}/${model.modelId}`);
};

const errorOf = (thrown: unknown): NatterError => (thrown instanceof NatterError ? thrown : errorFromSdk(thrown));

/** How a stream ended: by itself, or for somebody who has to answer first. */
type StreamEnd = { readonly finishReason: FinishReason } | "asks";

const streamAgent = async (
  { turn, agent, signal, emit }: { turn: Turn; agent: SdkAgent; signal: AbortSignal; emit: Emit },
  messages: ModelMessage[],
): Promise<StreamEnd> => {
  const { toUIMessageStream } = await import("ai");
  const wait = beginWait(turn);
  const asked: string[] = [];
  let failure: unknown;
  const onError = (thrown: unknown): string => {
    failure = thrown;
    return thrown instanceof ToolRefusal ? thrown.message : "The tool failed.";
  };
  const result = await agent.stream({
    messages,
    abortSignal: AbortSignal.any([signal, wait.stop.signal]),
    onStepEnd: (step) => report(turn, step),
  });
  const options = { tools: agent.tools, sendStart: false, sendFinish: false, sendSources: true, onError };
  for await (const chunk of toUIMessageStream({ stream: result.stream, ...options })) {
    if (wait.stop.signal.aborted) break;
    if (chunk.type === "error") throw failure;
    if (chunk.type === "tool-approval-request") asked.push(chunk.toolCallId);
    else emit([chunk]);
  }
  if (wait.stop.signal.aborted) {
    result.finishReason.then(undefined, () => {});
    for (const ended of await Promise.all(wait.results)) if (ended !== null) emit([resultChunk(ended)]);
    return "asks";
  }
  return asked.length > 0 ? "asks" : { finishReason: await result.finishReason };
};

/**
 * Drives an agent of AI SDK 7. A function makes one for each answer, from models and tools of this server.
 *
 * @example aiSdk(new ToolLoopAgent({ model: openai("gpt-5-mini"), tools: { weather } }))
 */
export const aiSdk = (given: SdkAgent | ((turn: Turn) => SdkAgent | Promise<SdkAgent>)): Runner => ({
  name: "aiSdk",
  capabilities,
  async run(turn, signal, emit) {
    const agent = typeof given === "function" ? await given(turn) : given;
    try {
      for (;;) {
        const soFar = await answerSoFar(turn, emit);
        if (soFar === null) return { status: "waiting" };
        const end = await streamAgent({ turn, agent, signal, emit }, [...turn.messages, ...soFar]);
        if (end !== "asks") return { status: "completed", finishReason: end.finishReason };
        await turn.checkpoint();
      }
    } catch (thrown) {
      signal.throwIfAborted();
      throw errorOf(thrown);
    }
  },
});
