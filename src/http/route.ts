import type { z } from "zod";
import type { Arrival, Call, OpenCall } from "./request/call.ts";
import type { BodyLimits } from "./request/read-body.ts";

/** One possible answer of a route, for its description. */
export interface RouteAnswer {
  readonly description: string;
  /** Absent: no body. */
  readonly schema?: z.ZodType;
  /** Default `application/json`. */
  readonly contentType?: string;
  /** What stands here as JSON instead when the caller asks for no stream. */
  readonly whole?: z.ZodType;
  readonly headers?: readonly string[];
}

interface Description {
  readonly method: "get" | "post" | "put" | "patch" | "delete";
  /** As OpenAPI writes it: `/v1/conversations/{conversationId}`. */
  readonly path: string;
  /** Its name in the description, for clients that are made from it; default: of method and path. */
  readonly operationId?: string;
  readonly summary: string;
  readonly tag: string;
  /** Request headers with a meaning here. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * What each request takes: a viewer's seat (`download`: only where its answer is a download), one of the user's sends
   * or tokens, one of an address's tries. Refused when there is none left.
   */
  readonly takes?: readonly ("seat" | "download" | "send" | "token" | "try")[];
  /** The path names a user in `{userId}`: whoever asks must be that user, or act for them by a key. */
  readonly isOfUser?: boolean;
  /** By status. */
  readonly answers: Readonly<Record<number, RouteAnswer>>;
}

interface Schemas<Params, Query, Body> {
  readonly params?: z.ZodType<Params>;
  readonly query?: z.ZodType<Query>;
  readonly body?: z.ZodType<Body>;
  /** What the body is where it is no JSON; `handle` reads it then. */
  readonly bytes?: string;
  /** An empty body counts as `{}`. */
  readonly isBodyOptional?: boolean;
  /** Reads the bytes of a JSON body in a way of its own. */
  readonly readBody?: (arrival: Arrival, limits: BodyLimits) => Promise<Buffer>;
  /** Checks the JSON in a way of its own; `body` only describes it then. */
  readonly parseBody?: (json: unknown) => Body;
}

/** A second form of a guarded route: for somebody whom a signature lets in, instead of who they are. */
export interface SignedForm {
  readonly isSigned: (request: Request) => boolean;
  /** Checks the signature itself; `params` are as they stand in the path. */
  readonly handle: (
    arrival: Arrival,
    params: Readonly<Record<string, string>>,
    limits: BodyLimits,
  ) => Promise<Response>;
}

interface GuardedDefinition<Params, Query, Body> extends Description, Schemas<Params, Query, Body> {
  readonly signed?: SignedForm;
  handle(call: Call<Params, Query, Body>): Promise<Response> | Response;
}

interface OpenDefinition<Params, Query, Body> extends Description, Schemas<Params, Query, Body> {
  handle(call: OpenCall<Params, Query, Body>): Promise<Response> | Response;
}

/** A route as the app registers it and OpenAPI describes it. */
export type Route =
  | ({ readonly isOpen: false } & GuardedDefinition<unknown, unknown, unknown>)
  | ({ readonly isOpen: true } & OpenDefinition<unknown, unknown, unknown>);

/** A route for somebody known. What `handle` gets has passed the schemas; path parameters that don't pass are 404. */
export const route = <Params = undefined, Query = undefined, Body = undefined>(
  definition: GuardedDefinition<Params, Query, Body>,
): Route => {
  const guarded: GuardedDefinition<unknown, unknown, unknown> = definition;
  return { ...guarded, isOpen: false };
};

/** A route that answers anybody. */
export const openRoute = <Params = undefined, Query = undefined, Body = undefined>(
  definition: OpenDefinition<Params, Query, Body>,
): Route => {
  const open: OpenDefinition<unknown, unknown, unknown> = definition;
  return { ...open, isOpen: true };
};
