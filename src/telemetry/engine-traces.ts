import type { Claim } from "../completions/claim.ts";
import { silentClaim, type ClaimEnd, type ClaimObserver, type EngineObserver } from "../engine/observer.ts";
import type { ModelCallEnd, ModelCallObserver, ToolCallEnd } from "../engine/observer.ts";
import type { ModelCall } from "../protocol/agent/model.ts";
import type { TelemetryConfig, TelemetryContext, TelemetrySpan } from "../protocol/agent/telemetry.ts";
import type { ToolCall } from "../protocol/agent/tool.ts";
import { splitModelId } from "../providers/catalogue/model-id.ts";
import { contextOf, traceOf } from "./completion-trace.ts";
import { agentAttributes, callAttributes, endAttributes, toolAttributes } from "./gen-ai-attributes.ts";
import { inputContents, outputContents } from "./gen-ai-contents.ts";
import { markFailed, markThrown } from "./mark-failed.ts";

class ClaimTrace implements ClaimObserver {
  readonly #config: TelemetryConfig;
  readonly #span: TelemetrySpan;
  readonly #within: TelemetryContext;

  constructor(config: TelemetryConfig, claim: Claim, trace: TelemetryContext) {
    this.#config = config;
    const options = { kind: 0 as const, attributes: agentAttributes(claim) };
    this.#span = config.tracer.startSpan(`invoke_agent ${claim.agent}`, options, trace);
    this.#within = contextOf(this.#span);
  }

  beginModel(call: ModelCall, step: number): ModelCallObserver {
    const { tracer, contents = false } = this.#config;
    const attributes = { ...callAttributes(call, step), ...(contents ? inputContents(call) : {}) };
    const name = `chat ${splitModelId(call.model).modelId}`;
    const span = tracer.startSpan(name, { kind: 2, attributes }, this.#within);
    const begun = performance.now();
    return {
      hear: () => {
        const seconds = (performance.now() - begun) / 1000;
        span.setAttributes({ "gen_ai.response.time_to_first_chunk": seconds });
      },
      end: (end) => this.#endModel(span, end),
    };
  }

  beginTool(call: ToolCall): (end: ToolCallEnd) => void {
    const { tracer, contents = false } = this.#config;
    const attributes = {
      ...toolAttributes(call),
      ...(contents ? { "gen_ai.tool.call.arguments": JSON.stringify(call.input) ?? "null" } : {}),
    };
    const span = tracer.startSpan(`execute_tool ${call.tool}`, { kind: 0, attributes }, this.#within);
    return (end) => this.#endTool(span, end);
  }

  end(end: ClaimEnd): void {
    this.#span.setAttributes({ "natter.end": end.status });
    if (end.status === "failed") markFailed(this.#span, end.code, end.message);
    if (end.status === "broken") markThrown(this.#span, end.thrown);
    this.#span.end();
  }

  #endModel(span: TelemetrySpan, end: ModelCallEnd): void {
    if (end.status === "failed") markThrown(span, end.thrown);
    if (end.status === "stopped") span.setAttributes({ "natter.end": end.status });
    if (end.status === "done") {
      const said = this.#config.contents === true ? outputContents(end.parts, end.end.finishReason) : {};
      span.setAttributes({ ...endAttributes(end.end, end.usage), ...said });
    }
    span.end();
  }

  #endTool(span: TelemetrySpan, end: ToolCallEnd): void {
    if (end.status === "failed") markThrown(span, end.thrown);
    if (end.status === "stopped" || end.status === "waiting") span.setAttributes({ "natter.end": end.status });
    if (end.status === "done") {
      const { outcome } = end;
      span.setAttributes({ "natter.tool.outcome": outcome.type });
      const isShown = this.#config.contents === true;
      if (isShown) span.setAttributes({ "gen_ai.tool.call.result": JSON.stringify(outcome) });
      if (outcome.type === "failed") markFailed(span, "failed", isShown ? outcome.message : undefined);
    }
    span.end();
  }
}

/** Traces what a worker tells of its work, by the semantic conventions for generative AI. */
export const createEngineTraces = (config: TelemetryConfig): EngineObserver => ({
  begin(claim) {
    const trace = traceOf(claim.completionId, config.sampleRatio ?? 1);
    return trace === null ? silentClaim : new ClaimTrace(config, claim, trace);
  },
});
