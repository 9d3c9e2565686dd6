import { isToolPart } from "../../protocol/message/fold.ts";
import type { Part } from "../../protocol/message/chunk.ts";
import type { ModelLayerCall } from "../../protocol/agent/middleware.ts";
import type { ModelCall, ModelEnd, ModelEvent } from "../../protocol/agent/model.ts";
import type { ToolCall } from "../../protocol/agent/tool.ts";
import { createChunkGate } from "./chunk-gate.ts";
import { estimateCall } from "../context/context.ts";
import type { ModelEventReader } from "./model-events.ts";
import type { TurnOptions } from "../turn.ts";

/** What the provider knows of a call that passes layers; they may end it before and after. */
export interface ProviderCall {
  isAsked: boolean;
  /** How it ended there. */
  end: ModelEnd | null;
}

export interface ModelStream {
  readonly step: number;
  readonly call: ModelCall;
  readonly reader: ModelEventReader;
  readonly provider: ProviderCall;
  /** Told of the first thing that the model says. */
  readonly hear: () => void;
}

type Sink = ModelLayerCall["sink"];

const callModel = (options: TurnOptions, call: ModelCall, signal: AbortSignal, sink: Sink): Promise<ModelEnd> =>
  options.dependencies.io("model.call", () =>
    options.dependencies.models.driver(call.model).stream(call, signal, sink),
  );

/** Calls a model through the middleware, and shows nothing of it. */
export const callThroughLayers = (
  options: TurnOptions,
  { step, call, provider }: Pick<ModelStream, "step" | "call"> & Partial<Pick<ModelStream, "provider">>,
  signal: AbortSignal,
  sink: Sink,
): Promise<ModelEnd> => {
  const { dependencies, completion } = options;
  const { middleware, models } = dependencies;
  const ask = async (asked: ModelCall, hear: Sink): Promise<ModelEnd> => {
    if (provider !== undefined) provider.isAsked = true;
    const end = await callModel(options, asked, signal, hear);
    if (provider !== undefined) provider.end = end;
    return end;
  };
  if (middleware?.model === undefined) return ask(call, sink);
  const layered: ModelLayerCall = {
    completion,
    step,
    request: call,
    signal,
    estimateInput: () => estimateCall(models, call),
    sink,
  };
  return middleware.model(layered, (inner) => ask(inner.request, inner.sink));
};

/** Calls a model through the middleware; what may be shown of what it says goes into the log. */
export const streamModel = async (options: TurnOptions, stream: ModelStream): Promise<ModelEnd> => {
  const { dependencies, recorder, completion, signal } = options;
  const { step, reader, hear } = stream;
  const gate = createChunkGate(dependencies.middleware?.chunk, { completion, step });
  const refused = new AbortController();
  const both = dependencies.middleware?.chunk === undefined ? signal : AbortSignal.any([signal, refused.signal]);
  let isHeard = false;
  const sink = (events: readonly ModelEvent[]): void => {
    if (both.aborted) return;
    try {
      recorder.emit(gate.pass(reader.read(events)));
    } catch (thrown) {
      // not through the driver, which would take it for a failure of the provider
      if (gate.refusal === undefined) throw thrown;
      refused.abort(gate.refusal);
    }
    if (!isHeard) hear();
    isHeard = true;
  };
  try {
    const end = await callThroughLayers(options, stream, both, sink);
    signal.throwIfAborted();
    recorder.stage(gate.pass(reader.end()));
    if (gate.refusal !== undefined) throw gate.refusal;
    return end;
  } catch (thrown) {
    signal.throwIfAborted();
    throw gate.refusal ?? thrown;
  }
};

/** The calls as they were shown: a middleware may have changed or dropped some. */
export const shownCalls = (parts: readonly Part[], calls: readonly ToolCall[]): readonly ToolCall[] =>
  calls.flatMap((call) => {
    const shown = parts.find((part) => isToolPart(part) && part.toolCallId === call.callId);
    return shown === undefined || !isToolPart(shown) || shown.state !== "input-available"
      ? []
      : [{ ...call, input: shown.input }];
  });
