import { z } from "zod";
import type { AuthConfig } from "./natter-config.ts";

/** Built-in accounts, as they are set. */
export interface ResolvedAccounts {
  /** Who may make an account, besides the first one. */
  readonly signUp: "invited" | "open";
  /** Absent: made in the data folder. */
  readonly secret?: string | undefined;
  readonly publicUrl?: string | undefined;
}

const longSecret = z.string().refine((text) => Buffer.byteLength(text) >= 32, "must be at least 32 bytes long");
const publicUrl = z
  .string()
  .refine(
    (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
    "must begin with http:// or https://",
  );

/** The environment variables of accounts. */
export const accountVariables = {
  NATTER_ACCOUNTS: z.enum(["off", "invited", "open"]).default("off"),
  NATTER_ACCOUNTS_SECRET: longSecret.optional(),
  NATTER_PUBLIC_URL: publicUrl.optional(),
};

/** `auth.accounts` of the configuration file. */
export const accountsSchema = z
  .strictObject({
    signUp: z.enum(["invited", "open"]).optional(),
    secret: longSecret.optional(),
    publicUrl: publicUrl.optional(),
  })
  .optional();

interface AccountEnvironment {
  readonly NATTER_ACCOUNTS: "off" | "invited" | "open";
  readonly NATTER_ACCOUNTS_SECRET?: string | undefined;
  readonly NATTER_PUBLIC_URL?: string | undefined;
}

/** Undefined: accounts are off. */
export const accountsOf = (
  environment: AccountEnvironment,
  { accounts }: AuthConfig = {},
): ResolvedAccounts | undefined => {
  const { NATTER_ACCOUNTS: mode, NATTER_ACCOUNTS_SECRET: secret, NATTER_PUBLIC_URL: url } = environment;
  if (mode === "off" && accounts === undefined) return undefined;
  return {
    signUp: accounts?.signUp ?? (mode === "open" ? "open" : "invited"),
    secret: accounts?.secret ?? secret,
    publicUrl: accounts?.publicUrl ?? url,
  };
};

/** Nodes that share a database sign cookies with the same secret. */
export const mistakesOfAccounts = (
  accounts: ResolvedAccounts | undefined,
  databaseUrl: string | undefined,
): readonly string[] =>
  accounts === undefined || accounts.secret !== undefined || databaseUrl === undefined
    ? []
    : ["NATTER_ACCOUNTS_SECRET: is needed for accounts with DATABASE_URL; at least 32 bytes, the same on all nodes"];
