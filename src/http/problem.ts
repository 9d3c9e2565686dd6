import { asNatterError, type NatterError } from "../foundation/errors.ts";

const titles: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  402: "Payment Required",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  408: "Request Timeout",
  409: "Conflict",
  412: "Precondition Failed",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  421: "Misdirected Request",
  422: "Unprocessable Content",
  426: "Upgrade Required",
  429: "Too Many Requests",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};

// one text for every miss: which kind of thing is missing would tell a stranger that its parent is there
const notFoundDetail = "There is nothing here, or nothing that you may see.";

/** What the caller is told of an error. */
export const detailOf = (error: NatterError): string => (error.code === "not_found" ? notFoundDetail : error.message);

const extraHeaders = (error: NatterError): Record<string, string> => ({
  ...(error.retryAfter === undefined ? {} : { "retry-after": String(Math.max(1, Math.ceil(error.retryAfter))) }),
  ...(error.code === "unauthenticated" ? { "www-authenticate": "Bearer" } : {}),
  ...(error.code === "upgrade_required" ? { upgrade: "websocket" } : {}),
});

/** The headers of an error, besides the type of its body. */
export const problemHeaders = (error: NatterError, requestId: string): Record<string, string> => ({
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "x-request-id": requestId,
  ...extraHeaders(error),
});

/** An error as `application/problem+json` (RFC 9457) with `code` and `requestId`; nothing internal is in it. */
export const problemResponse = (
  thrown: unknown,
  requestId: string,
  headers: Readonly<Record<string, string>> = {},
): Response => {
  const error = asNatterError(thrown);
  const body = {
    type: "about:blank",
    title: titles[error.status] ?? "Error",
    status: error.status,
    detail: detailOf(error),
    code: error.code,
    requestId,
    ...error.details,
  };
  return new Response(JSON.stringify(body), {
    status: error.status,
    headers: { "content-type": "application/problem+json", ...problemHeaders(error, requestId), ...headers },
  });
};
