import { createHash } from "node:crypto";
import type { SpanContext, TelemetryContext, TelemetrySpan } from "../protocol/agent/telemetry.ts";

/** Where OpenTelemetry's API looks for the span of a context; its name is part of the API's major version 1. */
const spanKey = Symbol.for("OpenTelemetry Context Key SPAN");

const contextWith = (values: ReadonlyMap<symbol, unknown>): TelemetryContext => ({
  getValue: (key) => values.get(key),
  setValue: (key, value) => contextWith(new Map([...values, [key, value]])),
  deleteValue: (key) => contextWith(new Map([...values].filter(([other]) => other !== key))),
});

const nowhere = contextWith(new Map());

/** The context whose spans are children of this one. */
export const contextOf = (span: Pick<TelemetrySpan, "spanContext">): TelemetryContext =>
  nowhere.setValue(spanKey, span);

/** A UUID is 128 bits, as a trace id; what is none is hashed to as many. */
const traceIdOf = (completionId: string): string => {
  const digits = completionId.replaceAll("-", "").toLowerCase();
  return /^[0-9a-f]{32}$/.test(digits) ? digits : createHash("sha256").update(completionId).digest("hex").slice(0, 32);
};

const chosenDigits = 7;

/**
 * The trace of a completion: a pure function of its id, so that each node that has to do with it finds the same one, with
 * nothing stored and nothing sent. The span that all others are children of is never recorded itself. Null: this
 * completion is not traced.
 */
export const traceOf = (completionId: string, sampleRatio: number): TelemetryContext | null => {
  const traceId = traceIdOf(completionId);
  const chance = Number.parseInt(traceId.slice(-chosenDigits), 16) / 16 ** chosenDigits;
  if (chance >= sampleRatio) return null;
  const root: SpanContext = { traceId, spanId: traceId.slice(-16), traceFlags: 1, isRemote: true };
  return contextOf({ spanContext: () => root });
};

const traceparent = /^[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-|$)/;

/** What a `traceparent` header says (W3C Trace Context); null when it is none. */
export const parseTraceparent = (header: string | null): SpanContext | null => {
  const [, traceId, spanId, flags] = traceparent.exec(header ?? "") ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return null;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true };
};
