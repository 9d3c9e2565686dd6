import type { IncomingMessage } from "node:http";
import { NatterError } from "../../foundation/errors.ts";

/** What a client says of itself inside a frame, where a browser can set no header. */
export interface SaidIdentity {
  readonly token?: string | undefined;
  readonly workspaceId?: string | undefined;
}

// from the raw list: a header that stands twice must not count as if it stood once
const headersOf = ({ rawHeaders }: IncomingMessage): Headers => {
  const headers = new Headers();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) headers.append(rawHeaders[at] ?? "", rawHeaders[at + 1] ?? "");
  return headers;
};

/** An upgrade as a web request; `?workspaceId=` stands for the header that a browser can't set here. */
export const requestOfUpgrade = (incoming: IncomingMessage): Request => {
  try {
    const { url = "" } = incoming;
    if (!url.startsWith("/")) throw new TypeError("the target is no path");
    const address = new URL(`http://${incoming.headers.host ?? ""}${url}`);
    const headers = headersOf(incoming);
    const workspaceId = address.searchParams.get("workspaceId");
    if (workspaceId !== null && !headers.has("natter-workspace")) setHeader(headers, "natter-workspace", workspaceId);
    return new Request(address, { headers });
  } catch (cause) {
    throw new NatterError("invalid_request", "The request line or a header is not valid.", { cause });
  }
};

const setHeader = (headers: Headers, name: string, value: string): void => {
  if (!/^[\x20-\x7e]{1,8200}$/.test(value))
    throw new NatterError("unauthenticated", "The token or the workspace that was named is not valid.");
  headers.set(name, value);
};

/** The same request as if it had come with what was said since; a token stands instead of every other credential. */
export const withIdentity = (request: Request, { token, workspaceId }: SaidIdentity): Request => {
  const headers = new Headers(request.headers);
  if (token !== undefined) {
    headers.delete("cookie");
    setHeader(headers, "authorization", `Bearer ${token}`);
  }
  if (workspaceId !== undefined) setHeader(headers, "natter-workspace", workspaceId);
  return new Request(request.url, { headers });
};
