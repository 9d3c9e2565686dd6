/** Values that a span's attribute may have. */
export type AttributeValue = string | number | boolean | string[];

export type Attributes = Record<string, AttributeValue>;

/** W3C Trace Context: `traceId` has 32 hexadecimal digits, `spanId` 16. */
export interface SpanContext {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: number;
  readonly isRemote?: boolean;
}

/** The part of OpenTelemetry's `Span` that Natter uses. */
export interface TelemetrySpan {
  spanContext(): SpanContext;
  setAttributes(attributes: Attributes): unknown;
  recordException(exception: { name: string; message: string; stack?: string }): void;
  /** `code`: 2 is an error. */
  setStatus(status: { code: 2; message?: string }): unknown;
  end(): void;
}

/** OpenTelemetry's `Context`. */
export interface TelemetryContext {
  getValue(key: symbol): unknown;
  setValue(key: symbol, value: unknown): TelemetryContext;
  deleteValue(key: symbol): TelemetryContext;
}

export interface SpanOptions {
  /** 0 internal, 2 client. */
  kind: 0 | 2;
  attributes: Attributes;
  /** Milliseconds since 1970. */
  startTime?: number;
  links?: { context: SpanContext }[];
}

/** The part of OpenTelemetry's `Tracer` that Natter uses: `trace.getTracer("natter")` of `@opentelemetry/api` fits. */
export interface TelemetryTracer {
  startSpan(name: string, options: SpanOptions, context: TelemetryContext): TelemetrySpan;
}

/** Traces of completions, by OpenTelemetry's semantic conventions for generative AI. */
export interface TelemetryConfig {
  readonly tracer: TelemetryTracer;
  /** Whether spans hold what people, models and tools say. Default false. */
  readonly contents?: boolean | undefined;
  /** Completions that are traced, from 0 to 1; all nodes choose the same. Default 1. */
  readonly sampleRatio?: number | undefined;
}
