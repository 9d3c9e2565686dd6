const secrets: readonly (readonly [RegExp, string])[] = [
  [/\b([a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/@:]*:[^\s/@]*@/gi, "$1[redacted]@"],
  [/\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{6,}/gi, "$1 [redacted]"],
  [/\b(sk|pk|rk|gsk|xai|key)[-_][A-Za-z0-9_-]{12,}/g, "[redacted]"],
  [/\bAIza[A-Za-z0-9_-]{20,}/g, "[redacted]"],
  [/\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g, "[redacted]"],
  [/([?&](?:api[-_]?key|key|token|access_token|secret|password)=)[^&\s"']+/gi, "$1[redacted]"],
];

/** The text without what looks like a key, a token or a password in a URL. */
export const redact = (text: string): string =>
  secrets.reduce((cleaned, [pattern, instead]) => cleaned.replace(pattern, instead), text);

const maxCharacters = 8_000;
const maxCauses = 5;

/** An error as a log line holds it: name, code, message, stack and causes, secrets redacted, sizes capped. */
export const serializeError = (thrown: unknown, depth = 0): unknown => {
  if (!(thrown instanceof Error)) return redact(String(thrown).slice(0, maxCharacters));
  return {
    name: thrown.name,
    ...("code" in thrown ? { code: thrown.code } : {}),
    message: redact(thrown.message.slice(0, maxCharacters)),
    stack: redact((thrown.stack ?? "").slice(0, maxCharacters)),
    ...(thrown.cause === undefined || depth >= maxCauses ? {} : { cause: serializeError(thrown.cause, depth + 1) }),
  };
};
