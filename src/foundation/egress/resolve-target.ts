import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { NatterError } from "../errors.ts";
import type { AllowList } from "./allow-list.ts";
import type { Target } from "./check-url.ts";
import { isPublicAddress } from "./public-address.ts";

export interface ResolvedAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/** Answers all addresses of a host name. */
export type Resolve = (hostname: string) => Promise<readonly string[]>;

/** As the operating system resolves names, `/etc/hosts` included. */
export const systemResolve: Resolve = async (hostname) => {
  const found = await lookup(hostname, { all: true });
  return found.map(({ address }) => address);
};

/** The same words whether a name is unknown or leads inside: a caller must not learn what an inner network knows. */
const unreachable = (cause: unknown): NatterError =>
  new NatterError("unprocessable", "This URL leads to no public host that can be asked.", { cause });

/**
 * The addresses of a target, each of them checked: a connection may go to these and to no others.
 * @throws NatterError `unprocessable` when there is none, or when one of them is not public and not allowed
 */
export const resolveTarget = async (
  { hostname, isAllowed }: Target,
  allow: AllowList,
  resolve: Resolve,
): Promise<readonly [ResolvedAddress, ...ResolvedAddress[]]> => {
  const answers =
    isIP(hostname) > 0
      ? [hostname]
      : await resolve(hostname).catch((cause: unknown) => {
          throw unreachable(cause);
        });
  const refused = answers.find((address) => !isAllowed && !isPublicAddress(address) && !allow.hasAddress(address));
  if (refused !== undefined) throw unreachable(new Error(`${hostname} is ${refused}, which is not public`));
  const [first, ...rest] = answers.flatMap((address): ResolvedAddress[] => {
    const family = isIP(address);
    return family === 4 || family === 6 ? [{ address, family }] : [];
  });
  if (first === undefined) throw unreachable(new Error(`${hostname} has no address`));
  return [first, ...rest];
};
