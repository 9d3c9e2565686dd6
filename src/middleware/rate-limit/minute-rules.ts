import { z } from "zod";
import { NatterError } from "../../foundation/errors.ts";
import type { RateRule } from "../../ports/rate-limit-store.ts";

/** What may be taken in a minute. 0: any number. */
export interface RateLimits {
  /** Messages and other requests that ask for an answer. */
  readonly requests?: number;
  /** Tokens of models, input and output. */
  readonly tokens?: number;
}

export interface RateLimitOptions {
  /** Of each user in a workspace, whatever keys and devices it uses. Default 30 requests and 100,000 tokens. */
  readonly user?: RateLimits;
  /** Of all users of a workspace together. Default: any number. */
  readonly workspace?: RateLimits;
  /** Of each API key. Default: any number. */
  readonly key?: RateLimits;
}

export type RateScope = keyof RateLimitOptions;

/** One window of one scope. */
export interface MinuteRule {
  readonly scope: RateScope;
  readonly unit: keyof RateLimits;
  readonly rule: RateRule;
}

const minute = 60;
const limit = z.int().min(0).max(1e12);
const limits = z.strictObject({ requests: limit.optional(), tokens: limit.optional() }).default({});
const optionsSchema = z.strictObject({ user: limits, workspace: limits, key: limits });

/** @throws NatterError `unprocessable` for what is no limit */
export const minuteRules = (options: RateLimitOptions): readonly MinuteRule[] => {
  const parsed = optionsSchema.safeParse(options);
  if (!parsed.success) {
    const said = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ");
    throw new NatterError("unprocessable", `rateLimit(): ${said}`);
  }
  const { user, workspace, key } = parsed.data;
  const wanted = { user: { requests: 30, tokens: 100_000, ...user }, workspace, key };
  const scopes: readonly RateScope[] = ["user", "workspace", "key"];
  const units: readonly (keyof RateLimits)[] = ["requests", "tokens"];
  return scopes.flatMap((scope) =>
    units.flatMap((unit): MinuteRule[] => {
      const most = wanted[scope][unit] ?? 0;
      return most === 0 ? [] : [{ scope, unit, rule: { limit: most, windowSeconds: minute } }];
    }),
  );
};
