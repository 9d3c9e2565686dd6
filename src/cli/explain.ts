import { ConfigurationError } from "../config/configuration-error.ts";
import { NatterError } from "../foundation/errors.ts";
import { redact } from "../foundation/serialize-error.ts";

const codeOf = (thrown: unknown): string =>
  thrown instanceof Error && "code" in thrown && typeof thrown.code === "string" ? thrown.code : "";

/** Whether somebody used the command wrongly. */
export const isMisuse = (thrown: unknown): boolean =>
  codeOf(thrown).startsWith("ERR_PARSE_ARGS_") || (thrown instanceof NatterError && thrown.code === "invalid_request");

const unwritable = new Set(["EACCES", "EPERM", "EROFS", "EEXIST", "ENOTDIR", "ENOSPC", "EDQUOT"]);

/** The file that the system refused to make or to write; null: it was something else. */
const refusedPath = (thrown: Error): string | null =>
  unwritable.has(codeOf(thrown)) && "path" in thrown && typeof thrown.path === "string" ? thrown.path : null;

/** What the system or a server said of it, in brackets. */
const causeOf = ({ cause }: Error): string => (cause instanceof Error ? ` (${redact(cause.message)})` : "");

const textOf = (thrown: unknown): string => {
  if (!(thrown instanceof Error)) return String(thrown);
  const { message, stack } = thrown;
  const code = codeOf(thrown);
  const path = refusedPath(thrown);
  if (code === "EADDRINUSE") return `${message}; set PORT to a free one`;
  if (code === "EACCES" && message.startsWith("listen")) return `${message}; set PORT to one from 1024 on`;
  if (code === "ECONNREFUSED" || code === "ENOTFOUND") return `${message}; check DATABASE_URL and REDIS_URL`;
  if (path !== null) return `${path} can't be written to (${code}); NATTER_DATA_DIR names a folder that can`;
  if (thrown instanceof NatterError) return `${message}${causeOf(thrown)}`;
  return isMisuse(thrown) ? message : (stack ?? message);
};

/** Says what is wrong in the operator's words, and nothing else. `what` says what did not come to pass. */
export const explain = (thrown: unknown, what?: string): string => {
  if (thrown instanceof ConfigurationError)
    return `${what ?? "The settings are not right"}:\n  ${thrown.mistakes.join("\n  ")}`;
  return what === undefined ? textOf(thrown) : `${what}: ${textOf(thrown)}`;
};
