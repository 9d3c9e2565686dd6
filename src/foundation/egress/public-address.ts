import { BlockList, isIP, isIPv4 } from "node:net";

/** Networks of IPv4 that are no public host: IANA's special-purpose registry, multicast, and Azure's host agent. */
const closedV4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "168.63.129.16/32",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.31.196.0/24",
  "192.52.193.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "192.175.48.0/24",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/3",
];

/** Public hosts of IPv6 live here; mapped, compatible, NAT64, unique local, link-local and multicast addresses do not. */
const openV6 = "2000::/3";

/** What of it is no public host: protocol assignments with Teredo, documentation, 6to4 and AS112. */
const closedV6 = ["2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"];

/** A set of networks written as `10.0.0.0/8` or `fd00::/8`. */
export const networksOf = (networks: readonly string[]): BlockList => {
  const list = new BlockList();
  for (const network of networks) {
    const [address = "", bits] = network.split("/");
    list.addSubnet(address, Number(bits), isIPv4(address) ? "ipv4" : "ipv6");
  }
  return list;
};

const closed4 = networksOf(closedV4);
const open6 = networksOf([openV6]);
const closed6 = networksOf(closedV6);

/**
 * Whether an IP address belongs to a public host: neither this machine nor a private, link-local, shared, reserved or
 * translated network, where metadata services and neighbours live. What is no IP address is not public.
 */
export const isPublicAddress = (address: string): boolean => {
  switch (isIP(address)) {
    case 4:
      return !closed4.check(address, "ipv4");
    case 6:
      return !address.includes("%") && open6.check(address, "ipv6") && !closed6.check(address, "ipv6");
    default:
      return false;
  }
};
