import type { NatterError } from "../../foundation/errors.ts";
import { errorFromConnection, errorFromProvider, isProviderError, providerError, readRetryAfter } from "../errors.ts";
import { isRecord } from "../exchange/json.ts";

const misconfigured = new Set(["AI_LoadAPIKeyError", "AI_LoadSettingError", "AI_NoSuchModelError"]);
const refused = new Set([
  "AI_UnsupportedFunctionalityError",
  "AI_InvalidPromptError",
  "AI_InvalidDataContentError",
  "AI_NoSuchProviderReferenceError",
]);

const networkCode = /^(E[A-Z_]+|UND_ERR_\w+|CERT_\w+|ERR_TLS_\w+|\w*_CERT\w*)$/;

/** True when the error, or one that caused it, is of the network: `fetch failed` says so only in its cause. */
const isNetworkError = (thrown: unknown): boolean => {
  for (let error = thrown, depth = 0; isRecord(error) && depth < 5; error = error["cause"], depth += 1) {
    if (typeof error["code"] === "string" && networkCode.test(error["code"])) return true;
    if (error instanceof TypeError && /^(fetch failed|terminated|network error)$/i.test(error.message)) return true;
  }
  return false;
};

const headersOf = (thrown: Readonly<Record<string, unknown>>): Record<string, string> => {
  const headers = thrown["responseHeaders"];
  if (!isRecord(headers)) return {};
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
};

/** Whatever a model of the AI SDK threw, or said in an `error` part, as the error that people are told (D6). */
export const errorFromSdk = (thrown: unknown): NatterError => {
  if (isProviderError(thrown)) return thrown;
  if (!isRecord(thrown)) return providerError("provider_failed", thrown);
  const { name, statusCode, lastError } = thrown;
  if (name === "AI_RetryError") return errorFromSdk(lastError);
  if (typeof statusCode === "number") {
    const said = thrown["responseBody"] ?? thrown["data"] ?? thrown["message"];
    return errorFromProvider({ status: statusCode, said, retryAfter: readRetryAfter(headersOf(thrown)) });
  }
  if (isNetworkError(thrown)) return errorFromConnection(thrown);
  if (misconfigured.has(String(name))) return providerError("provider_misconfigured", thrown);
  if (refused.has(String(name))) return providerError("provider_refused", thrown);
  return thrown instanceof Error ? providerError("provider_failed", thrown) : errorFromProvider({ said: thrown });
};
