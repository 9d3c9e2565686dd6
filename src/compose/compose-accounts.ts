import { isSameSecret, readLoopbackToken } from "../auth/loopback-token.ts";
import type { ResolvedConfig } from "../config/load-config.ts";
import type { Logger } from "../foundation/logger.ts";
import { createAccounts, type Accounts } from "../people/accounts/accounts.ts";
import type { Stores } from "./stores.ts";

/** Built-in accounts, and the token that lets its holder make the first one. */
export interface ComposedAccounts {
  readonly accounts: Accounts;
  readonly setupToken: string;
}

/** Null where accounts are off, or nobody is served. Rejects when better-auth is missing. */
export const composeAccounts = async (
  { accounts: settings, stores: { dataDirectory }, worker }: ResolvedConfig,
  { database }: Stores,
  logger: Logger,
): Promise<ComposedAccounts | null> => {
  if (settings === undefined || worker.role === "worker") return null;
  const setupToken = await readLoopbackToken(dataDirectory);
  const accounts = createAccounts({
    database,
    logger,
    signUp: settings.signUp,
    secret: settings.secret ?? (await readLoopbackToken(dataDirectory, "accounts-secret")),
    publicUrl: settings.publicUrl,
    isSetupToken: (token) => isSameSecret(token, setupToken),
  });
  await accounts.ready();
  return { accounts, setupToken };
};
