import { isIP } from "node:net";
import { NatterError } from "../errors.ts";
import { networksOf } from "./public-address.ts";

/** What an operator lets the egress client reach besides public hosts. */
export interface AllowList {
  /** Whether the operator named this host with this port, or with any. */
  hasHost(hostname: string, port: number): boolean;
  /** Whether the operator named a network that this address lies in. */
  hasAddress(address: string): boolean;
}

const network = /^[0-9a-f:.]+\/\d{1,3}$/i;

const wrong = (entry: string, cause?: unknown): NatterError =>
  new NatterError("invalid_request", `"${entry}" is no host, host:port or network such as 10.0.0.0/8`, { cause });

const parseHost = (entry: string): { readonly hostname: string; readonly port: number | null } => {
  // a port of its own keeps the URL parser from dropping :80
  const port = /:(\d{1,5})$/.exec(isIP(entry) === 6 ? "" : entry)?.[1];
  const host = port === undefined ? entry : entry.slice(0, -port.length - 1);
  if (Number(port ?? 0) > 65_535) throw wrong(entry);
  const text = isIP(host) === 6 ? `[${host}]` : host;
  if (!URL.canParse(`http://${text}`)) throw wrong(entry);
  const { hostname, host: whole, pathname } = new URL(`http://${text}`);
  if (whole !== hostname || pathname !== "/" || /[@?#]/.test(text)) throw wrong(entry);
  return { hostname, port: port === undefined ? null : Number(port) };
};

/**
 * Reads entries as `127.0.0.1:4000`, `mcp.internal`, `[::1]:4000` and `10.0.0.0/8`. A host is compared after the URL
 * parser has written it in one form.
 * @throws NatterError `invalid_request` when an entry is none of them
 */
export const createAllowList = (entries: readonly string[]): AllowList => {
  const hosts = entries.filter((entry) => !network.test(entry)).map(parseHost);
  let networks: ReturnType<typeof networksOf>;
  try {
    networks = networksOf(entries.filter((entry) => network.test(entry)));
  } catch (cause) {
    throw wrong(entries.filter((entry) => network.test(entry)).join(", "), cause);
  }
  return {
    hasHost: (hostname, port) =>
      hosts.some((host) => host.hostname === hostname && (host.port === null || host.port === port)),
    hasAddress: (address) => networks.check(address, isIP(address) === 6 ? "ipv6" : "ipv4"),
  };
};
