import { NatterError, type ErrorCode } from "../foundation/errors.ts";
import { isRecord, readJson } from "./exchange/json.ts";

type ProviderCode = Extract<ErrorCode, `provider_${string}`>;

const texts: Readonly<Record<ProviderCode, string>> = {
  provider_busy: "The model is busy right now; try again in a moment.",
  provider_misconfigured: "The model is not set up correctly; ask whoever runs this server.",
  provider_timeout: "The model took too long to answer; try again.",
  provider_unreachable: "The model cannot be reached right now; try again in a moment.",
  provider_refused: "The model refused this request; change it and try again.",
  provider_failed: "The model failed while answering; try again.",
};

interface Verdict {
  readonly code: ProviderCode;
  readonly text?: string;
}

/** Codes that say more than the HTTP status they come with. */
const specific: readonly (readonly [RegExp, Verdict])[] = [
  [/insufficient_quota|billing|payment|credit|invalid_api_key|model_not_found/, { code: "provider_misconfigured" }],
  [
    /context_length|context_window|prompt_too_long|string_above_max/,
    { code: "provider_refused", text: "This conversation is too long for the model; shorten it or start a new one." },
  ],
  [
    /content_filter|content_policy|moderation|safety/,
    { code: "provider_refused", text: "The model's content filter refused this request; change it and try again." },
  ],
];

const general: readonly (readonly [RegExp, Verdict])[] = [
  [/rate_limit|overloaded|too_many|exhausted|capacity|unavailable/, { code: "provider_busy" }],
  [/authentication|permission|unauthorized|not_found/, { code: "provider_misconfigured" }],
  [/timeout|deadline/, { code: "provider_timeout" }],
  [/invalid|unsupported/, { code: "provider_refused" }],
];

/** What only the message tells: codes that it stands for. */
const phrases: readonly (readonly [RegExp, string])[] = [
  [/prompt is too long|maximum context length|exceeds? the (maximum|context)/i, "context_length"],
  [/credit balance/i, "billing"],
  [/api key not valid|api key expired|invalid api key/i, "invalid_api_key"],
];

const find = (table: typeof specific, codes: string): Verdict | undefined =>
  table.find(([pattern]) => pattern.test(codes))?.[1];

const verdictOfStatus = (status: number): Verdict | undefined => {
  if (status === 429 || status === 503 || status === 529) return { code: "provider_busy" };
  if (status === 408 || status === 504) return { code: "provider_timeout" };
  if (status >= 500) return { code: "provider_failed" };
  if (status === 400 || status === 413 || status === 422) return { code: "provider_refused" };
  return status >= 300 ? { code: "provider_misconfigured" } : undefined;
};

/** A provider's failure with a text that is safe to show; what the provider said is only in the cause. */
export const providerError = (code: ProviderCode, cause: unknown, more: { text?: string; retryAfter?: number } = {}) =>
  new NatterError(code, more.text ?? texts[code], {
    cause,
    ...(more.retryAfter === undefined ? {} : { retryAfter: more.retryAfter }),
  });

/** Seconds of a `Retry-After` (RFC 9110: seconds or a date), or of OpenAI's `retry-after-ms`. */
export const readRetryAfter = (
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  now = Date.now(),
): number | undefined => {
  const milliseconds = Number(headers["retry-after-ms"] ?? Number.NaN);
  const text = String(headers["retry-after"] ?? "");
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : (Date.parse(text) - now) / 1000;
  const found = Number.isFinite(milliseconds) ? milliseconds / 1000 : seconds;
  return Number.isFinite(found) ? Math.max(0, Math.ceil(found)) : undefined;
};

export interface ProviderFault {
  /** HTTP status of the answer, when there was one. */
  readonly status?: number | undefined;
  /** The provider's error, as it came: text of a body, or an object from a stream. */
  readonly said: unknown;
  readonly retryAfter?: number | undefined;
}

const parse = (said: unknown): unknown => {
  if (typeof said !== "string") return said;
  const read = readJson(said);
  return "value" in read ? read.value : undefined;
};

const readError = (said: unknown): { codes: string; status: number | undefined } => {
  const parsed = parse(said);
  const body: unknown = Array.isArray(parsed) ? parsed[0] : parsed;
  const error: unknown = isRecord(body) && "error" in body ? body["error"] : body;
  if (!isRecord(error)) return { codes: "", status: undefined };
  const { message } = error;
  const told = typeof message === "string" ? phrases.find(([phrase]) => phrase.test(message))?.[1] : undefined;
  const codes = [error["code"], error["type"], error["status"], told];
  const status = codes.map(Number).find((code) => code >= 300 && code < 600);
  return {
    codes: codes
      .filter((code) => typeof code === "string")
      .join(" ")
      .toLowerCase(),
    status,
  };
};

/** What a provider answered instead of a completion, or in the middle of one, as the error that people are told (D6). */
export const errorFromProvider = ({ status, said, retryAfter }: ProviderFault): NatterError => {
  const { codes, status: inner } = readError(said);
  const verdict: Verdict = find(specific, codes) ??
    verdictOfStatus(status ?? 0) ??
    verdictOfStatus(inner ?? 0) ??
    find(general, codes) ?? { code: "provider_failed" };
  const shown = typeof said === "string" ? said : JSON.stringify(said);
  const cause = new Error(
    `The provider said${status === undefined ? "" : ` with status ${status}`}: ${shown?.slice(0, 2000)}`,
  );
  return providerError(verdict.code, cause, {
    ...(verdict.text === undefined ? {} : { text: verdict.text }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  });
};

const codeOf = (thrown: unknown): string => {
  for (let error = thrown, depth = 0; isRecord(error) && depth < 5; error = error["cause"], depth += 1) {
    if (typeof error["code"] === "string") return error["code"];
  }
  return "";
};

/** A connection that failed: refused, reset, no such name, TLS, or too slow. */
export const errorFromConnection = (thrown: unknown): NatterError =>
  providerError(/TIMEOUT|TIMEDOUT/.test(codeOf(thrown)) ? "provider_timeout" : "provider_unreachable", thrown);

/** A stream that ended without saying that it is over. */
export const answerBrokeOff = (): NatterError =>
  providerError("provider_failed", new Error("the answer ended without a finish reason"), {
    text: "The model's answer broke off; try again.",
  });

/** True for the failures that this room tells of, whoever caused them. */
export const isProviderError = (thrown: unknown): thrown is NatterError =>
  thrown instanceof NatterError && thrown.code.startsWith("provider_");
