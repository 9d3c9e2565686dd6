import { NatterError } from "../../foundation/errors.ts";
import type { RateLimitStore, RateRule } from "../../ports/rate-limit-store.ts";
import { networkOf, type CallerAddress } from "./caller-address.ts";
import { rateHeaders, tightest } from "../../middleware/rate-limit/rate-headers.ts";

export interface LimiterOptions {
  readonly store: RateLimitStore;
  readonly callerAddress: CallerAddress;
  /** Of one user, whatever keys and devices it uses: messages that ask for an answer. Empty: any number. */
  readonly sends: readonly RateRule[];
  /** Of one owner of keys, whatever keys: tokens for browsers. Absent or empty: any number. */
  readonly tokens?: readonly RateRule[];
  /** Of one address, where nobody is known: tries of a token or a link. */
  readonly tries: readonly RateRule[];
}

/** What a limit says of one request. */
export interface Verdict {
  readonly headers: Readonly<Record<string, string>>;
  /** Null: it may go on. */
  readonly refusal: NatterError | null;
}

/** Asks the limits before anything is done. */
export interface Limiter {
  send(userId: string): Promise<Verdict>;
  token(userId: string): Promise<Verdict>;
  try(remoteAddress: string | undefined, forwardedFor: string | null): Promise<Verdict>;
  /** A guess at the secret of one account, from wherever it comes. */
  guess(account: string): Promise<Verdict>;
  /** It was right: its guesses are given back. */
  forgive(account: string): Promise<void>;
}

/** Of one account: a person who mistypes is far below. */
const guesses: readonly RateRule[] = [{ limit: 10, windowSeconds: 900 }];

const free: Verdict = { headers: {}, refusal: null };

export const createLimiter = ({ store, callerAddress, sends, tokens = [], tries }: LimiterOptions): Limiter => {
  const judge = async (policy: string, key: string, rules: readonly RateRule[]): Promise<Verdict> => {
    if (rules.length === 0) return free;
    const { isAllowed, standings } = await store.take(`${policy}:${key}`, rules);
    const headers = rateHeaders(policy, standings);
    if (isAllowed) return { headers, refusal: null };
    const retryAfter = Math.max(1, Math.ceil(tightest(standings)?.resetSeconds ?? 1));
    const refusal = new NatterError("rate_limited", `Too many ${policy}; try again in ${retryAfter} s.`, {
      retryAfter,
    });
    return { headers, refusal };
  };
  return {
    send: (userId) => judge("sends", userId, sends),
    token: (userId) => judge("tokens", userId, tokens),
    guess: (account) => judge("guesses", account, guesses),
    forgive: (account) => store.forget(`guesses:${account}`),
    try: (remoteAddress, forwardedFor) => {
      const address = callerAddress(remoteAddress, forwardedFor);
      return judge("tries", address === null ? "somewhere" : networkOf(address), tries);
    },
  };
};
