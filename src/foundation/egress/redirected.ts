import { NatterError } from "../errors.ts";
import type { Question } from "./ask-once.ts";

/** Never handed to another origin than the one they were meant for. */
const credentials = ["authorization", "cookie", "proxy-authorization", "mcp-session-id"];
const bodyHeaders = ["content-length", "content-type", "content-language", "content-location"];

/** As fetch does: 303 becomes a GET, and so does a POST that 301 or 302 send on. */
const losesBody = (method: string, status: number): boolean =>
  (status === 303 && method !== "HEAD") || ((status === 301 || status === 302) && method === "POST");

/**
 * Where a redirect leads, and what is sent there: no credentials to another origin, never from https to http.
 * @throws NatterError `unprocessable`
 */
export const redirected = (
  from: URL,
  location: string,
  question: Question,
  status: number,
): { readonly url: URL; readonly question: Question } => {
  if (!URL.canParse(location, from)) throw new NatterError("unprocessable", "The server sent the request to no URL.");
  const url = new URL(location, from);
  if (from.protocol === "https:" && url.protocol !== "https:")
    throw new NatterError("unprocessable", "The server sent the request from https to http.");
  const headers = new Headers(question.headers);
  if (url.origin !== from.origin) for (const name of credentials) headers.delete(name);
  if (!losesBody(question.method, status)) return { url, question: { ...question, headers } };
  for (const name of bodyHeaders) headers.delete(name);
  return { url, question: { ...question, headers, method: "GET", body: null } };
};
