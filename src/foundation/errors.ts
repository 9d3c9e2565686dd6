/** Every way a request or a completion can fail, and the HTTP status it is told with. */
export const statusOfCode = {
  invalid_request: 400,
  invalid_json: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  request_timeout: 408,
  conflict: 409,
  busy: 409,
  id_taken: 409,
  archived: 409,
  precondition_failed: 412,
  too_large: 413,
  unsupported_media_type: 415,
  misdirected: 421,
  unprocessable: 422,
  idempotency_mismatch: 422,
  model_not_available: 422,
  upgrade_required: 426,
  budget_exceeded: 402,
  guardrail_blocked: 422,
  rate_limited: 429,
  internal: 500,
  provider_failed: 502,
  provider_busy: 502,
  provider_misconfigured: 502,
  provider_unreachable: 502,
  provider_refused: 502,
  provider_timeout: 502,
  unavailable: 503,
  timeout: 504,
  insufficient_storage: 507,
  crash_loop: 500,
  interrupted: 500,
  step_limit: 500,
} as const;

export type ErrorCode = keyof typeof statusOfCode;

export interface NatterErrorOptions {
  cause?: unknown;
  /** Seconds after which the same request may succeed; becomes `Retry-After`. Default: 2 for `unavailable`, else none. */
  retryAfter?: number;
  /** Further members of the RFC 9457 problem, safe to show to the caller. */
  details?: Readonly<Record<string, unknown>>;
}

const unavailableSeconds = 2;

/**
 * The one error that Natter throws on purpose. Its message is safe to show: it says what happened and what to do,
 * and never carries another error's text; that one is the `cause`, for the log only.
 */
export class NatterError extends Error {
  override readonly name = "NatterError";
  readonly code: ErrorCode;
  readonly retryAfter: number | undefined;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(code: ErrorCode, message: string, options: NatterErrorOptions = {}) {
    super(message, "cause" in options ? { cause: options.cause } : {});
    this.code = code;
    this.retryAfter = options.retryAfter ?? (code === "unavailable" ? unavailableSeconds : undefined);
    this.details = options.details;
  }

  get status(): number {
    return statusOfCode[this.code];
  }
}

/** Any thrown value as a NatterError; what was not thrown on purpose becomes `internal` with a safe text. */
export const asNatterError = (thrown: unknown): NatterError =>
  thrown instanceof NatterError
    ? thrown
    : new NatterError("internal", "Something went wrong on our side; try again.", { cause: thrown });
