import { randomBytes } from "node:crypto";
import type { Attributes, SpanContext, SpanOptions, TelemetryTracer } from "../protocol/agent/telemetry.ts";

export interface RecordedSpan extends SpanOptions {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string;
  readonly attributes: Attributes;
  readonly exceptions: { name: string; message: string }[];
  error: string | null;
  ends: number;
}

export interface RecordingTracer extends TelemetryTracer {
  /** In the order in which they began. */
  readonly spans: readonly RecordedSpan[];
}

const spanKey = Symbol.for("OpenTelemetry Context Key SPAN");

/** Keeps what it is told, as an SDK of OpenTelemetry would export it. */
export const createRecordingTracer = (): RecordingTracer => {
  const spans: RecordedSpan[] = [];
  return {
    spans,
    startSpan(name, options, context) {
      const parent = (context.getValue(spanKey) as { spanContext(): SpanContext }).spanContext();
      const spanId = randomBytes(8).toString("hex");
      const { traceId } = parent;
      const ids = { traceId, spanId, parentId: parent.spanId };
      const span: RecordedSpan = { ...options, ...ids, name, exceptions: [], error: null, ends: 0 };
      spans.push(span);
      return {
        spanContext: () => ({ traceId, spanId, traceFlags: parent.traceFlags }),
        setAttributes: (more) => Object.assign(span.attributes, more),
        recordException: (exception) => void span.exceptions.push(exception),
        setStatus: ({ message = "" }) => (span.error = message),
        end: () => void (span.ends += 1),
      };
    },
  };
};
