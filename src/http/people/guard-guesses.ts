import { hash } from "node:crypto";
import type { HttpDependencies } from "../dependencies.ts";

/** Guesses at one account, from wherever: each counts, and a right one gives them all back. */
export const guarded = async <Result>(
  { limiter }: HttpDependencies,
  email: string,
  attempt: () => Promise<Result>,
): Promise<Result> => {
  const name = hash("sha256", email.trim().toLowerCase(), "base64url");
  const verdict = await limiter?.guess(name);
  if (verdict !== undefined && verdict.refusal !== null) throw verdict.refusal;
  const result = await attempt();
  await limiter?.forgive(name);
  return result;
};
