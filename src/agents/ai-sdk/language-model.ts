import type { LanguageModelV4, ModelEnd } from "../../protocol/agent/model.ts";
import type { Turn } from "../../protocol/agent/turn.ts";
import { EventParts } from "./event-parts.ts";
import { registryCall, unsupportedOf, type CallOptions, type StreamPart } from "./registry-call.ts";

/** The provider's name of models made here: their calls are in the ledger already. */
export const registryProvider = "natter";

const never = new AbortController().signal;

const callThrough = (
  turn: Turn,
  model: string,
  options: CallOptions,
  tell: (parts: readonly StreamPart[]) => void,
): Promise<ModelEnd> => {
  const parts = new EventParts();
  tell([{ type: "stream-start", warnings: unsupportedOf(options) }]);
  return turn.kit
    .callModel(registryCall(turn, model, options), options.abortSignal ?? never, (events) =>
      tell(events.flatMap((event) => parts.read(event))),
    )
    .then((end) => {
      tell(parts.end(end));
      return end;
    });
};

type Content = Awaited<ReturnType<LanguageModelV4["doGenerate"]>>["content"][number];

/** The content that the parts of a stream add up to. */
const contentOf = (parts: readonly StreamPart[]): Content[] => {
  const content: Content[] = [];
  const open = new Map<string, { type: "text" | "reasoning"; text: string }>();
  for (const part of parts) {
    if (part.type === "text-start" || part.type === "reasoning-start") {
      const block = { type: part.type === "text-start" ? ("text" as const) : ("reasoning" as const), text: "" };
      open.set(part.id, block);
      content.push(block);
    } else if (part.type === "text-delta" || part.type === "reasoning-delta") {
      const block = open.get(part.id);
      if (block !== undefined) block.text += part.delta;
    } else if (part.type === "tool-call" || part.type === "source" || part.type === "file") content.push(part);
  }
  return content;
};

/**
 * A model of this server for AI SDK 7, within one turn: its calls pass the middleware and stand in the ledger, exactly
 * like those of Natter's own loop. `model`: `<provider id>/<model id>`; default the one that was chosen for the answer.
 *
 * @example aiSdk((turn) => new ToolLoopAgent({ model: languageModel(turn), tools: aiSdkTools(turn) }))
 */
export const languageModel = (turn: Turn, model: string = turn.completion.model): LanguageModelV4 => ({
  specificationVersion: "v4",
  provider: registryProvider,
  modelId: model,
  // files go on as they are: nothing is downloaded here
  supportedUrls: { "*/*": [/.*/] },
  async doGenerate(options) {
    const parts: StreamPart[] = [];
    await callThrough(turn, model, options, (said) => parts.push(...said));
    const finish = parts.find((part) => part.type === "finish");
    return {
      content: contentOf(parts),
      finishReason: finish?.finishReason ?? { unified: "other", raw: undefined },
      usage: finish?.usage ?? {
        inputTokens: { total: undefined, noCache: undefined, cacheRead: undefined, cacheWrite: undefined },
        outputTokens: { total: undefined, text: undefined, reasoning: undefined },
      },
      warnings: unsupportedOf(options),
    };
  },
  doStream: (options) => {
    const stopped = new AbortController();
    const signal = AbortSignal.any([
      stopped.signal,
      ...(options.abortSignal === undefined ? [] : [options.abortSignal]),
    ]);
    const stream = new ReadableStream<StreamPart>({
      start(controller) {
        callThrough(turn, model, { ...options, abortSignal: signal }, (parts) => {
          if (!stopped.signal.aborted) for (const part of parts) controller.enqueue(part);
        }).then(
          () => (stopped.signal.aborted ? undefined : controller.close()),
          (thrown: unknown) => (stopped.signal.aborted ? undefined : controller.error(thrown)),
        );
      },
      cancel: (reason) => stopped.abort(reason),
    });
    return Promise.resolve({ stream });
  },
});
