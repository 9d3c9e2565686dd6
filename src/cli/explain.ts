import { ConfigurationError } from "../config/configuration-error.ts";
import { NatterError } from "../foundation/errors.ts";

const codeOf = (thrown: unknown): string =>
  thrown instanceof Error && "code" in thrown && typeof thrown.code === "string" ? thrown.code : "";

/** Whether somebody used the command wrongly. */
export const isMisuse = (thrown: unknown): boolean =>
  codeOf(thrown).startsWith("ERR_PARSE_ARGS_") || (thrown instanceof NatterError && thrown.code === "invalid_request");

const textOf = (thrown: unknown): string => {
  const code = codeOf(thrown);
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (code === "EADDRINUSE") return `${message}; set PORT to a free one`;
  if (code === "ECONNREFUSED" || code === "ENOTFOUND") return `${message}; check DATABASE_URL and REDIS_URL`;
  if (thrown instanceof NatterError || isMisuse(thrown)) return message;
  return thrown instanceof Error ? (thrown.stack ?? message) : message;
};

/** Says what is wrong in the operator's words, and nothing else. `what` says what did not come to pass. */
export const explain = (thrown: unknown, what?: string): string => {
  if (thrown instanceof ConfigurationError)
    return `${what ?? "The settings are not right"}:\n  ${thrown.mistakes.join("\n  ")}`;
  return what === undefined ? textOf(thrown) : `${what}: ${textOf(thrown)}`;
};
