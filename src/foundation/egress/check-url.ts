import { NatterError } from "../errors.ts";
import type { AllowList } from "./allow-list.ts";

/** Ports of public hosts that may be asked when nothing else is set. */
const usualPorts: readonly number[] = [80, 443, 8080, 8443];

const portOf = (url: URL): number => (url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port));

/** Where a URL leads, checked as far as the URL itself tells. */
export interface Target {
  readonly url: URL;
  /** Without the brackets of an IPv6 address. */
  readonly hostname: string;
  readonly port: number;
  /** Whether the operator named this host: then its addresses may be private. */
  readonly isAllowed: boolean;
}

/**
 * Checks scheme, user name and port of a URL.
 * @throws NatterError `unprocessable`
 */
export const checkUrl = (address: string | URL, allow: AllowList, ports: readonly number[] = usualPorts): Target => {
  if (!URL.canParse(String(address))) throw new NatterError("unprocessable", "This is no URL.");
  const url = new URL(String(address));
  if (url.protocol !== "http:" && url.protocol !== "https:")
    throw new NatterError("unprocessable", "Only URLs that begin with http:// or https:// may be asked.");
  if (url.username !== "" || url.password !== "")
    throw new NatterError("unprocessable", "A URL with a user name or a password may not be asked.");
  const port = portOf(url);
  const isAllowed = allow.hasHost(url.hostname, port);
  if (!isAllowed && !ports.includes(port))
    throw new NatterError("unprocessable", `Port ${port} may not be asked; use one of ${ports.join(", ")}.`);
  return { url, port, isAllowed, hostname: url.hostname.replace(/^\[(.*)\]$/, "$1") };
};
