import { AsyncLocalStorage } from "node:async_hooks";

/** The request that the work at hand is done for. */
export interface RequestScope {
  readonly requestId: string;
  /** W3C Trace Context of whoever asks, as it was sent. */
  readonly traceparent: string | null;
  /** Milliseconds since 1970. */
  readonly arrivedAt: number;
  /** From where it comes, past trusted proxies; null or absent: not known. */
  readonly address?: string | null;
}

const scopes = new AsyncLocalStorage<RequestScope | undefined>();

/** Undefined outside of any request. */
export const currentRequest = (): RequestScope | undefined => scopes.getStore();

export const withinRequest = <Result>(scope: RequestScope, work: () => Result): Result => scopes.run(scope, work);

/** Does work that a request may have woken, and that is not the request's own. */
export const outsideRequests = <Result>(work: () => Result): Result => scopes.run(undefined, work);
