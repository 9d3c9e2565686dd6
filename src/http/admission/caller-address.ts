import { BlockList, isIP } from "node:net";

/** Tells from where a request comes: the nearest hop that is no trusted proxy. Null: no socket says it. */
export type CallerAddress = (remoteAddress: string | undefined, forwardedFor: string | null) => string | null;

const expand = (canonical: string): string[] => {
  const [head = "", tail] = canonical.split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  return [...before, ...Array.from({ length: 8 - before.length - after.length }, () => "0"), ...after];
};

const dotted = (groups: readonly string[]): string =>
  groups
    .slice(6)
    .flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255])
    .join(".");

/** An address in one spelling, IPv4 wherever it is one; null when it is none. */
const normalise = (text: string): string | null => {
  const bare = text.trim().replace(/^\[(.*)\](:\d+)?$/, "$1");
  const address = isIP(bare) === 0 ? bare.replace(/^([\d.]+):\d+$/, "$1") : bare;
  const [withoutZone = ""] = address.split("%");
  switch (isIP(withoutZone)) {
    case 4:
      return withoutZone;
    case 6: {
      const canonical = new URL(`http://[${withoutZone}]`).hostname.slice(1, -1);
      const groups = expand(canonical);
      return groups.slice(0, 6).join(":") === "0:0:0:0:0:ffff" ? dotted(groups) : canonical;
    }
    default:
      return null;
  }
};

/** Who is counted as one: an IPv4 address, or the first 64 bits of an IPv6 one, which one customer has. */
export const networkOf = (address: string): string =>
  isIP(address) === 6 ? `${expand(address).slice(0, 4).join(":")}::/64` : address;

const listOf = (proxies: readonly string[]): BlockList => {
  const list = new BlockList();
  for (const proxy of proxies) {
    const [address = "", bits] = proxy.split("/");
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
};

/**
 * Reads `X-Forwarded-For` from its end for as long as what stands there was added by a trusted proxy. What a client
 * wrote into it itself is never reached; `Forwarded` and every other header are not read.
 *
 * @param proxies addresses, or networks as `10.0.0.0/8`
 */
export const createCallerAddress = (proxies: readonly string[]): CallerAddress => {
  const trusted = listOf(proxies);
  const isTrusted = (address: string): boolean => trusted.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
  return (remoteAddress, forwardedFor) => {
    let caller = remoteAddress === undefined ? null : normalise(remoteAddress);
    const hops = forwardedFor?.split(",") ?? [];
    while (caller !== null && hops.length > 0 && isTrusted(caller)) {
      const before = normalise(hops.pop() ?? "");
      if (before === null) return caller;
      caller = before;
    }
    return caller;
  };
};
