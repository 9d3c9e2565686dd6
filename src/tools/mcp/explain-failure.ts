import { NatterError, type ErrorCode } from "../../foundation/errors.ts";

/** Codes of JSON-RPC and of the MCP SDK. */
const invalidParams = -32_602;
const connectionClosed = -32_000;
const requestTimeout = -32_001;

export type FailureKind = "session-gone" | "unreachable" | "timeout" | "refused" | "too-large" | "failed";

const kindOfCode: Readonly<Partial<Record<ErrorCode, FailureKind>>> = {
  provider_timeout: "timeout",
  too_large: "too-large",
  provider_failed: "failed",
};

const codeOf = (thrown: unknown): unknown =>
  typeof thrown === "object" && thrown !== null && "code" in thrown ? thrown.code : undefined;

/** What kind of failure a call to a server met; tells whether its session can go on. */
export const failureKind = (thrown: unknown): FailureKind => {
  if (thrown instanceof NatterError) return kindOfCode[thrown.code] ?? "unreachable";
  const code = codeOf(thrown);
  if (code === 404) return "session-gone";
  if (code === requestTimeout) return "timeout";
  if (code === invalidParams) return "refused";
  // an answer that is no result of MCP
  if (typeof thrown === "object" && thrown !== null && "issues" in thrown) return "failed";
  return code === connectionClosed || code === undefined ? "unreachable" : "failed";
};

const texts: Readonly<Record<FailureKind, string>> = {
  "session-gone": "The tool's server has forgotten this session; try again.",
  unreachable: "The tool's server did not answer; whether it did the work is not known.",
  timeout: "The tool's server took too long; whether it did the work is not known.",
  refused: "The tool's server refused the input.",
  "too-large": "The tool's server answered with more than can be read; it may have done the work.",
  failed: "The tool's server failed.",
};

/** What a person and a model read of it: never the server's own words, which may hold anything. */
export const failureText = (kind: FailureKind): string => texts[kind];
