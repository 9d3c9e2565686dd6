import type { IncomingMessage } from "node:http";
import { NatterError } from "../../foundation/errors.ts";

/** What a client says of itself inside a frame, where a browser can set no header. */
export interface SaidIdentity {
  readonly token?: string | undefined;
  readonly workspaceId?: string | undefined;
}

const headersOf = (incoming: IncomingMessage): Headers => {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers))
    for (const one of [value ?? []].flat()) headers.append(name, one);
  return headers;
};

/** An upgrade as a web request; `?workspaceId=` stands for the header that a browser can't set here. */
export const requestOfUpgrade = (incoming: IncomingMessage): Request => {
  const { url = "" } = incoming;
  const address = `http://${incoming.headers.host ?? ""}${url}`;
  if (!url.startsWith("/") || !URL.canParse(address))
    throw new NatterError("invalid_request", "The request line or the Host header is not valid.");
  const headers = headersOf(incoming);
  const workspaceId = new URL(address).searchParams.get("workspaceId");
  if (workspaceId !== null && !headers.has("natter-workspace")) setHeader(headers, "natter-workspace", workspaceId);
  return new Request(address, { headers });
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
