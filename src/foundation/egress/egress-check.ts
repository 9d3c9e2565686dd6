import { createAllowList } from "./allow-list.ts";
import { checkUrl } from "./check-url.ts";
import type { EgressOptions } from "./egress-fetch.ts";
import { resolveTarget, systemResolve } from "./resolve-target.ts";

/** Rejects with `unprocessable` for a URL that the egress client would not ask now. */
export type EgressCheck = (url: string) => Promise<void>;

/** Looks where a URL leads without asking it: for whoever writes one down to be asked later. */
export const createEgressCheck = ({
  allow: entries = [],
  ports,
  resolve = systemResolve,
}: Pick<EgressOptions, "allow" | "ports" | "resolve"> = {}): EgressCheck => {
  const allow = createAllowList(entries);
  return async (url) => {
    await resolveTarget(checkUrl(url, allow, ports), allow, resolve);
  };
};
