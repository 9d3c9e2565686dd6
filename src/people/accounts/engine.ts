import type { Auth, BetterAuthOptions } from "better-auth";
import type { Logger } from "../../foundation/logger.ts";
import { createId } from "../../foundation/ids.ts";
import { createAccountTables, type AccountRowMade } from "../../store/identity/account-tables.ts";
import type { AccountOptions } from "./account-context.ts";
import { loadBetterAuth, type BetterAuth } from "./load-better-auth.ts";

/** How long somebody stays signed in. */
const sessionSeconds = 30 * 86_400;
export const shortestPassword = 10;
export const longestPassword = 128;

const times = { createdAt: "created_at", updatedAt: "updated_at" };

const models = {
  user: { modelName: "account_user", fields: { emailVerified: "email_verified", ...times } },
  session: {
    modelName: "account_session",
    fields: {
      userId: "user_id",
      expiresAt: "expires_at",
      ipAddress: "ip_address",
      userAgent: "user_agent",
      ...times,
    },
    expiresIn: sessionSeconds,
    disableSessionRefresh: true,
  },
  account: {
    modelName: "account_credential",
    fields: {
      userId: "user_id",
      accountId: "account_id",
      providerId: "provider_id",
      accessToken: "access_token",
      refreshToken: "refresh_token",
      accessTokenExpiresAt: "access_token_expires_at",
      refreshTokenExpiresAt: "refresh_token_expires_at",
      idToken: "id_token",
      ...times,
    },
  },
  verification: { modelName: "account_verification", fields: { expiresAt: "expires_at", ...times } },
};

const logTo = (logger: Logger) => ({
  level: "warn" as const,
  // what it logs of a sign-in names the person: only that something went wrong is kept
  log: (level: string, message: string) => {
    if (level === "error") logger.warn({ message }, "accounts");
  },
});

/** better-auth on Natter's database: it knows passwords and sessions, and nothing of workspaces. */
export interface AccountEngine {
  readonly auth: Auth;
  readonly isAPIError: BetterAuth["isAPIError"];
}

export const createAccountEngine = async (options: AccountOptions, onMade: AccountRowMade): Promise<AccountEngine> => {
  const { betterAuth, createAdapterFactory, isAPIError } = await loadBetterAuth();
  const { publicUrl = "http://127.0.0.1" } = options;
  const tables = createAccountTables(options.database, onMade);
  const auth = betterAuth<BetterAuthOptions>({
    secret: options.secret,
    baseURL: publicUrl,
    basePath: "/v1/account",
    database: createAdapterFactory({
      config: {
        adapterId: "natter",
        supportsJSON: false,
        supportsDates: true,
        supportsBooleans: true,
        transaction: false,
      },
      adapter: () => tables,
    }),
    emailAndPassword: {
      enabled: true,
      minPasswordLength: shortestPassword,
      maxPasswordLength: longestPassword,
      autoSignIn: true,
    },
    ...models,
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: logTo(options.logger),
    advanced: {
      cookiePrefix: "natter",
      useSecureCookies: publicUrl.startsWith("https:"),
      defaultCookieAttributes: { sameSite: "strict" },
      disableCSRFCheck: true,
      database: { generateId: () => createId() },
    },
  });
  return { auth, isAPIError };
};
