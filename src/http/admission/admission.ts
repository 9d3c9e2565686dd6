import { asSentenceError } from "../ai-sdk/sentence-error.ts";
import type { Arrival, OpenCall } from "../request/call.ts";
import type { Route } from "../route.ts";
import type { Limiter, Verdict } from "./limiter.ts";
import { createRequestGate, type RequestGate } from "./request-gate.ts";
import { createSeats, type Seat, type SeatLimits, type Seats } from "./seats.ts";

/** A stream of a viewer, as far as others see to its end. */
export interface ViewerStream {
  readonly signal: AbortSignal;
  end(): void;
}

/** What a request has got so that it may go on; its stream and its waiting know it as their arrival's `admitted`. */
export interface Admitted {
  /** It only waits from here on, and makes room for another request. */
  waits(): void;
  /**
   * It is a viewer until this is over; it is ended when its user may not be here any more.
   * @throws NatterError `rate_limited`, `unavailable` where it has no seat yet, and there is none
   */
  streams(stream: ViewerStream): void;
  /** What it is shown could not be made to its end. */
  reportsFailure(error: unknown): void;
  /** What it is shown is of this conversation: it is ended when its user may not read that any more. */
  looksAt(conversationId: string, stream: ViewerStream): void;
}

export interface Admission {
  readonly gate: RequestGate;
  readonly seats: Seats;
  /** Absent: nothing is limited by time. */
  readonly limiter?: Limiter | undefined;
}

/** Counts from nothing, for one app. */
export const createAdmission = (
  limits: SeatLimits & { readonly requests: number },
  limiter: Limiter | undefined,
): Admission => ({ gate: createRequestGate(limits.requests), seats: createSeats(limits), limiter });

/** Writes headers into whatever answers: at once where Node writes it itself, else when the response is there. */
export interface ToldHeaders {
  tell(headers: Readonly<Record<string, string>>): void;
  addTo(response: Response): void;
}

export const createToldHeaders = ({ bindings: { outgoing } }: Arrival): ToldHeaders => {
  const kept: [string, string][] = [];
  return {
    tell(headers) {
      if (outgoing === undefined) kept.push(...Object.entries(headers));
      else if (!outgoing.headersSent)
        for (const [name, value] of Object.entries(headers)) outgoing.setHeader(name, value);
    },
    addTo(response) {
      for (const [name, value] of kept) response.headers.set(name, value);
    },
  };
};

const obey = ({ headers, refusal }: Verdict, told: ToldHeaders): void => {
  told.tell(headers);
  if (refusal !== null) throw refusal;
};

/** Before anybody is known: for a route where secrets could be tried. @throws NatterError `rate_limited` */
export const admitAnybody = async (
  { limiter }: Admission,
  route: Route,
  { request, bindings }: Arrival,
  told: ToldHeaders,
): Promise<void> => {
  if (route.takes?.includes("try") !== true || limiter === undefined) return;
  const address = bindings.incoming?.socket.remoteAddress;
  obey(await limiter.try(address, request.headers.get("x-forwarded-for")), told);
};

const isAiSdkBody = (body: unknown): boolean => typeof body === "object" && body !== null && "messages" in body;

/**
 * Takes what the route says that its requests take, before anything is stored.
 * @returns the seat of a viewer; null where the route takes none
 * @throws NatterError `rate_limited`, `unavailable`; told as a sentence to clients of AI SDK
 */
export const admitUser = async (
  { seats, limiter }: Admission,
  route: Route,
  call: OpenCall<unknown, unknown, unknown> & { readonly principal: { readonly userId: string } },
  told: ToldHeaders,
): Promise<Seat | null> => {
  const { userId } = call.principal;
  const takes = route.takes ?? [];
  try {
    const seat = takes.includes("seat") ? seats.take(userId) : null;
    try {
      if (takes.includes("send") && limiter !== undefined) obey(await limiter.send(userId), told);
      if (takes.includes("token") && limiter !== undefined) obey(await limiter.token(userId), told);
    } catch (thrown) {
      seat?.leave();
      throw thrown;
    }
    return seat;
  } catch (thrown) {
    throw isAiSdkBody(call.body) ? asSentenceError(thrown) : thrown;
  }
};
