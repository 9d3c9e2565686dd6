import type { RateStanding } from "../../ports/rate-limit-store.ts";

/** A rule by the name that callers are told. */
export interface NamedStanding {
  readonly name: string;
  readonly standing: RateStanding;
}

/** Seconds that are told: whole ones, at least one. */
export const wholeSeconds = (seconds: number): number => Math.max(1, Math.ceil(seconds));

/** The rule that bites first. */
export const tightest = (standings: readonly RateStanding[]): RateStanding | undefined =>
  standings.toSorted((left, right) => left.remaining - right.remaining || right.resetSeconds - left.resetSeconds)[0];

/**
 * What a caller is told of its limits: `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-10), and
 * `X-RateLimit-*` of the rule that bites first, its reset in seconds from now.
 */
export const namedRateHeaders = (named: readonly NamedStanding[]): Record<string, string> => {
  const first = tightest(named.map(({ standing }) => standing));
  if (first === undefined) return {};
  return {
    ratelimit: named
      .map(({ name, standing }) => `"${name}";r=${standing.remaining};t=${wholeSeconds(standing.resetSeconds)}`)
      .join(", "),
    "ratelimit-policy": named
      .map(({ name, standing: { rule } }) => `"${name}";q=${rule.limit};w=${wholeSeconds(rule.windowSeconds)}`)
      .join(", "),
    "x-ratelimit-limit": String(first.rule.limit),
    "x-ratelimit-remaining": String(first.remaining),
    "x-ratelimit-reset": String(wholeSeconds(first.resetSeconds)),
  };
};

/** The same for the rules of one policy, named by their windows where there are several. */
export const rateHeaders = (policy: string, standings: readonly RateStanding[]): Record<string, string> =>
  namedRateHeaders(
    standings.map((standing) => ({
      name: standings.length === 1 ? policy : `${policy}-${wholeSeconds(standing.rule.windowSeconds)}`,
      standing,
    })),
  );
