import type * as adapters from "better-auth/adapters";
import type * as api from "better-auth/api";
import type * as minimal from "better-auth/minimal";
import { NatterError } from "../../foundation/errors.ts";

export type BetterAuth = typeof minimal & typeof adapters & typeof api;

const load = async (): Promise<BetterAuth> => ({
  ...(await import("better-auth/minimal")),
  ...(await import("better-auth/adapters")),
  ...(await import("better-auth/api")),
});

/** better-auth, which is only needed where accounts are on. @throws NatterError `unavailable` when it is not installed */
export const loadBetterAuth = async (): Promise<BetterAuth> => {
  try {
    return await load();
  } catch (cause) {
    throw new NatterError("unavailable", "Built-in accounts need one more package: npm install better-auth@1.6.20", {
      cause,
    });
  }
};
