/** What is known of a request that did not succeed. */
export interface RequestFailure {
  /** Null: there was no answer. */
  readonly status: number | null;
  readonly requestId?: string | undefined;
  readonly retryAfter?: number | undefined;
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  readonly cause?: unknown;
}

/**
 * A request that did not succeed: refused by the server with a problem (RFC 9457), whose `code` and text it carries, or
 * left without an answer (`unreachable`). The message is safe to show.
 */
export class RequestError extends Error {
  override readonly name = "RequestError";
  readonly code: string;
  readonly status: number | null;
  readonly requestId: string | undefined;
  /** Seconds after which the same request may succeed. */
  readonly retryAfter: number | undefined;
  /** Further members of the problem. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, failure: RequestFailure) {
    super(message, "cause" in failure ? { cause: failure.cause } : {});
    this.code = code;
    this.status = failure.status;
    this.requestId = failure.requestId;
    this.retryAfter = failure.retryAfter;
    this.details = failure.details ?? {};
  }

  /** True when the same request may succeed later without anybody changing anything. */
  get isPassing(): boolean {
    return this.status === null || this.status === 503;
  }
}

/** Any thrown value as a RequestError; what was not one means that the server could not be reached. */
export const asRequestError = (thrown: unknown): RequestError =>
  thrown instanceof RequestError
    ? thrown
    : new RequestError("unreachable", "The server can't be reached; check the connection.", {
        status: null,
        cause: thrown,
      });

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
const textOr = (value: unknown, fallback: string): string => (typeof value === "string" ? value : fallback);

/** The problem that a response tells, or what its status says when it tells none. */
export const readProblem = async (response: Response): Promise<RequestError> => {
  const body: unknown = await response.json().catch(() => null);
  const { code, detail, ...details } = isRecord(body) ? body : {};
  const retryAfter = Number(response.headers.get("retry-after") ?? Number.NaN);
  return new RequestError(
    textOr(code, "unexpected"),
    textOr(detail, `The server answered with status ${response.status}.`),
    {
      status: response.status,
      requestId: response.headers.get("x-request-id") ?? undefined,
      retryAfter: Number.isFinite(retryAfter) ? retryAfter : undefined,
      details,
    },
  );
};
