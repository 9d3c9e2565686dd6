import { asNatterError } from "../foundation/errors.ts";
import type { TelemetrySpan } from "../protocol/agent/telemetry.ts";

/** Without the message, which may hold what people said. */
const framesOf = ({ stack = "" }: Error): string =>
  stack
    .split("\n")
    .filter((line) => line.startsWith("    at "))
    .join("\n");

/** Marks a span as failed for a reason from a closed list, with a text that is safe to show. */
export const markFailed = (span: TelemetrySpan, reason: string, message?: string): void => {
  span.setAttributes({ "error.type": reason });
  span.setStatus({ code: 2, ...(message === undefined ? {} : { message }) });
};

/** Marks a span as failed by an error; what a provider or a tool said of it is for the log only. */
export const markThrown = (span: TelemetrySpan, thrown: unknown): void => {
  const error = asNatterError(thrown);
  const cause = error.cause instanceof Error ? error.cause : error;
  span.recordException({ name: cause.name, message: error.message, stack: framesOf(cause) });
  markFailed(span, error.code, error.message);
};
