import type { RateStanding } from "../../ports/rate-limit-store.ts";

const whole = (seconds: number): number => Math.max(1, Math.ceil(seconds));

/** The rule that bites first. */
export const tightest = (standings: readonly RateStanding[]): RateStanding | undefined =>
  standings.toSorted((left, right) => left.remaining - right.remaining || right.resetSeconds - left.resetSeconds)[0];

/**
 * What a caller is told of its limit: `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-10), and
 * `X-RateLimit-*` of the rule that bites first, its reset in seconds from now.
 */
export const rateHeaders = (policy: string, standings: readonly RateStanding[]): Record<string, string> => {
  const first = tightest(standings);
  if (first === undefined) return {};
  const nameOf = ({ rule }: RateStanding): string =>
    standings.length === 1 ? `"${policy}"` : `"${policy}-${whole(rule.windowSeconds)}"`;
  return {
    ratelimit: standings.map((each) => `${nameOf(each)};r=${each.remaining};t=${whole(each.resetSeconds)}`).join(", "),
    "ratelimit-policy": standings
      .map((each) => `${nameOf(each)};q=${each.rule.limit};w=${whole(each.rule.windowSeconds)}`)
      .join(", "),
    "x-ratelimit-limit": String(first.rule.limit),
    "x-ratelimit-remaining": String(first.remaining),
    "x-ratelimit-reset": String(whole(first.resetSeconds)),
  };
};
