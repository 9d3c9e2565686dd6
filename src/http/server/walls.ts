import { NatterError } from "../../foundation/errors.ts";

export interface WallSettings {
  /** Loopback mode: names that requests may come to, and the port where no socket tells it. Null: any name. */
  readonly loopback: { readonly names: readonly string[]; readonly port: () => number } | null;
  /** Whether a browser may send the identity by itself, as a host application's cookie. */
  readonly hasAmbientIdentity: boolean;
  /** Whether pages of sibling domains may use it: a host's may be such, our own never are. */
  readonly trustsSiblings?: boolean;
}

/** Looks at where a request comes from, before routing and before anything is read; `UPGRADE` is the method of a web socket. */
export type CheckWalls = (method: string, headers: Pick<Headers, "get">, localPort?: number) => void;

const safeMethods: ReadonlySet<string> = new Set(["GET", "HEAD"]);

/** Names with their port, as `Host` and `Origin` write them; a name that has a port of its own keeps it. */
const addressesOf = (names: readonly string[], port: number): ReadonlySet<string> =>
  new Set(
    names.flatMap((name) => (/:\d+$/.test(name) ? [name] : port === 80 ? [name, `${name}:80`] : [`${name}:${port}`])),
  );

const hostOf = (origin: string): string | null => (URL.canParse(origin) ? new URL(origin).host : null);

const foreign = (): NatterError => new NatterError("forbidden", "This request comes from a page of another site.");

const guardLoopback = (loopback: NonNullable<WallSettings["loopback"]>): CheckWalls => {
  let known: { readonly port: number; readonly addresses: ReadonlySet<string> } | undefined;
  return (method, headers, localPort) => {
    const port = localPort ?? loopback.port();
    if (known?.port !== port) known = { port, addresses: addressesOf(loopback.names, port) };
    const { addresses } = known;
    if (!addresses.has(headers.get("host")?.toLowerCase() ?? "")) {
      throw new NatterError(
        "misdirected",
        "This server does not answer to this host name; name it in NATTER_ALLOWED_HOSTS.",
      );
    }
    if (safeMethods.has(method)) return;
    const origin = headers.get("origin");
    if (origin !== null && !addresses.has(hostOf(origin) ?? "")) throw foreign();
    if (headers.get("sec-fetch-site") === "cross-site") throw foreign();
  };
};

/** A web socket can be read by the page that opened it, whatever CORS says: only pages of our own may open one. */
const guardUpgrade = (headers: Pick<Headers, "get">): void => {
  const site = headers.get("sec-fetch-site");
  if (site === "same-origin") return;
  const origin = headers.get("origin");
  if (site !== null || (origin !== null && hostOf(origin) !== headers.get("host")?.toLowerCase())) throw foreign();
};

const guardAmbient =
  (trustsSiblings: boolean): CheckWalls =>
  (method, headers) => {
    if (method === "UPGRADE") return guardUpgrade(headers);
    if (safeMethods.has(method) || headers.get("authorization") !== null) return;
    const site = headers.get("sec-fetch-site");
    if (site === "cross-site") throw foreign();
    if (site === "same-origin" || site === "none" || (site === "same-site" && trustsSiblings)) return;
    const origin = headers.get("origin");
    if (origin !== null && hostOf(origin) !== headers.get("host")?.toLowerCase()) throw foreign();
  };

/**
 * Against DNS rebinding and cross-site requests: in loopback mode only known names, and no unsafe method
 * from a foreign page; with a host's identity no unsafe cross-site request that carries no token of its own.
 * @throws NatterError `misdirected`, `forbidden`
 */
export const createWalls = (settings: WallSettings): CheckWalls => {
  if (settings.loopback !== null) return guardLoopback(settings.loopback);
  return settings.hasAmbientIdentity ? guardAmbient(settings.trustsSiblings === true) : () => {};
};

/** The names that mean this machine. */
export const loopbackNames: readonly string[] = ["localhost", "127.0.0.1", "[::1]"];
