import { NatterError } from "../foundation/errors.ts";

/** Nobody, or nobody that Natter knows. */
export const unauthenticated = (): NatterError =>
  new NatterError("unauthenticated", "Say who you are: send the header Authorization: Bearer <token>.");

/**
 * The token of `Authorization: Bearer` (RFC 6750); null without the header.
 * @throws NatterError `unauthenticated` for any other scheme or more than one header
 */
export const bearerToken = (headers: Headers): string | null => {
  const header = headers.get("authorization");
  if (header === null) return null;
  const token = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i.exec(header)?.[1];
  if (token === undefined) throw unauthenticated();
  return token;
};

/** The value of a cookie; null when it is not there. */
export const cookieValue = (headers: Headers, name: string): string | null => {
  for (const pair of (headers.get("cookie") ?? "").split(";")) {
    const at = pair.indexOf("=");
    if (at !== -1 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return null;
};

/** The workspace that a request asks for. */
export const wantedWorkspace = (headers: Headers): string | undefined => headers.get("natter-workspace") ?? undefined;

const file = /\/v1\/(?:attachments\/[^/]+|export)$/;

/** As `wantedWorkspace`; where a browser reads a file by itself and sends no headers of ours, `?workspaceId=` names it. */
export const wantedWorkspaceOf = ({ method, url, headers }: Request): string | undefined => {
  const named = wantedWorkspace(headers);
  if (named !== undefined || (method !== "GET" && method !== "HEAD")) return named;
  const { pathname, searchParams } = new URL(url);
  return file.test(pathname) ? (searchParams.get("workspaceId") ?? undefined) : undefined;
};
