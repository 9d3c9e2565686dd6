import { NatterError } from "../../foundation/errors.ts";

const load = async () => ({
  ...(await import("better-auth/minimal")),
  ...(await import("better-auth/adapters")),
  ...(await import("better-auth/api")),
});

/** better-auth, which is only needed where accounts are on. @throws NatterError `unavailable` when it is not installed */
export const loadBetterAuth = async (): ReturnType<typeof load> => {
  try {
    return await load();
  } catch (cause) {
    throw new NatterError("unavailable", "Built-in accounts need one more package: npm install better-auth@1.6.20", {
      cause,
    });
  }
};
