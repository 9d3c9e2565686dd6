import type { IncomingMessage, ServerResponse } from "node:http";
import type { Admitted } from "../admission/admission.ts";
import type { Principal } from "../../protocol/people/principal.ts";

/** Node's own pair, where Natter's Node adapter brought the request. */
export interface NodeBindings {
  readonly incoming?: IncomingMessage;
  readonly outgoing?: ServerResponse;
}

/** One request on its way through. */
export interface Arrival {
  readonly request: Request;
  readonly bindings: NodeBindings;
  readonly requestId: string;
  /** Where Natter is mounted, as `/natter`; empty at the root. */
  readonly basePath: string;
  /** Milliseconds of `performance.now()` when it came in. */
  readonly startedAt: number;
  /** Absent before it is let in, and where anybody is answered. */
  readonly admitted?: Admitted;
}

/** A request whose parts have passed their schemas. */
export interface OpenCall<Params, Query, Body> extends Arrival {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** The body as it was sent, after the gate. */
  readonly json: unknown;
}

/** A request of somebody known. */
export interface Call<Params, Query, Body> extends OpenCall<Params, Query, Body> {
  readonly principal: Principal;
}

/** A JSON answer. */
export const answer = (
  arrival: Arrival,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Response =>
  new Response(JSON.stringify(body), {
    status,
    headers: {
      "content-type": "application/json",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "x-request-id": arrival.requestId,
      ...headers,
    },
  });

/** 204, or 304 and the like. */
export const answerNothing = (arrival: Arrival, status = 204): Response =>
  new Response(null, { status, headers: { "cache-control": "no-store", "x-request-id": arrival.requestId } });
