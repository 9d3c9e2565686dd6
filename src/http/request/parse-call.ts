import type { z } from "zod";
import { NatterError, type ErrorCode } from "../../foundation/errors.ts";
import { notFound } from "../../protocol/people/access.ts";
import { isStorable } from "../../foundation/text-gate.ts";
import type { Arrival, OpenCall } from "./call.ts";
import { parseJsonBody } from "./json-body.ts";
import { readBody, type BodyLimits } from "./read-body.ts";
import type { Route } from "../route.ts";

const shownIssues = 20;

const pointer = (path: readonly PropertyKey[]): string =>
  path.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");

const issuesOf = (error: z.ZodError): { path: string; message: string }[] =>
  error.issues.slice(0, shownIssues).map(({ path, message }) => ({ path: pointer(path), message }));

const describe = (issues: readonly { path: string; message: string }[]): string =>
  issues.map(({ path, message }) => `${path || "it"}: ${message}`).join("; ");

const parseQuery = (schema: z.ZodType | undefined, search: URLSearchParams): unknown => {
  if (schema === undefined) return undefined;
  const query: Record<string, string> = {};
  for (const [name, value] of search) {
    if (!isStorable(name) || !isStorable(value))
      throw new NatterError("unprocessable", "The query holds a NUL or half a surrogate pair.");
    if (Object.hasOwn(query, name) || name === "__proto__")
      throw new NatterError("invalid_request", "A query parameter may stand once.");
    query[name] = value;
  }
  const parsed = schema.safeParse(query);
  if (parsed.success) return parsed.data;
  const errors = issuesOf(parsed.error);
  throw new NatterError("invalid_request", `The query is not valid: ${describe(errors)}.`, { details: { errors } });
};

const parseParams = (schema: z.ZodType | undefined, params: Readonly<Record<string, string>>): unknown => {
  if (schema === undefined) return undefined;
  const parsed = schema.safeParse(params);
  // an id that nothing can have is missed like any other
  if (!parsed.success) throw notFound("conversation");
  return parsed.data;
};

const isJson = (contentType: string | null): boolean =>
  contentType !== null && /^application\/json\s*(;\s*charset=("utf-8"|utf-8)\s*)?$/i.test(contentType);

/** @throws NatterError `unprocessable`, or the code given, with all mistakes */
export const parseBody = <Body>(schema: z.ZodType<Body>, json: unknown, code: ErrorCode = "unprocessable"): Body => {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const errors = issuesOf(parsed.error);
  throw new NatterError(code, `The body is not valid: ${describe(errors)}.`, { details: { errors } });
};

const readJson = async (route: Route, arrival: Arrival, limits: BodyLimits): Promise<unknown> => {
  const isTyped = isJson(arrival.request.headers.get("content-type"));
  const read = isTyped ? (route.readBody ?? readBody) : readBody;
  const bytes = await read(arrival, limits);
  if (bytes.length === 0 && route.isBodyOptional === true) return {};
  if (!isTyped) throw new NatterError("unsupported_media_type", "Send the body as Content-Type: application/json.");
  return parseJsonBody(bytes);
};

/** What a route's `handle` gets, checked; the body last, so that nobody unknown makes us read one. */
export const parseCall = async (
  route: Route,
  arrival: Arrival,
  params: Readonly<Record<string, string>>,
  limits: BodyLimits,
): Promise<OpenCall<unknown, unknown, unknown>> => {
  const { request } = arrival;
  const search = request.url.includes("?") ? new URL(request.url).searchParams : new URLSearchParams();
  const parts = { ...arrival, params: parseParams(route.params, params), query: parseQuery(route.query, search) };
  if (route.body === undefined) return { ...parts, body: undefined, json: undefined };
  const json = await readJson(route, arrival, limits);
  return { ...parts, body: route.parseBody?.(json) ?? parseBody(route.body, json), json };
};
