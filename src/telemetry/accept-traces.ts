import type { AcceptedCompletion } from "../conversations/context.ts";
import { currentRequest } from "../foundation/request-scope.ts";
import type { TelemetryConfig } from "../protocol/agent/telemetry.ts";
import { parseTraceparent, traceOf } from "./completion-trace.ts";

/** Begins the trace of a completion with the request that asked for it, from its arrival to its commit; whoever asked is linked. */
export const createAcceptTraces =
  ({ tracer, sampleRatio = 1 }: TelemetryConfig) =>
  ({ completionId, conversationId, workspaceId }: AcceptedCompletion): void => {
    const trace = traceOf(completionId, sampleRatio);
    if (trace === null) return;
    const request = currentRequest();
    const asker = parseTraceparent(request?.traceparent ?? null);
    const attributes = {
      "gen_ai.conversation.id": conversationId,
      "natter.completion.id": completionId,
      "natter.workspace.id": workspaceId,
      ...(request === undefined ? {} : { "natter.request.id": request.requestId }),
    };
    const options = {
      kind: 0 as const,
      attributes,
      ...(request === undefined ? {} : { startTime: request.arrivedAt }),
      ...(asker === null ? {} : { links: [{ context: asker }] }),
    };
    tracer.startSpan("accept message", options, trace).end();
  };
