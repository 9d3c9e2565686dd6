import type { Database } from "../../ports/database.ts";
import type { Logger } from "../../foundation/logger.ts";

/** What built-in accounts need. */
export interface AccountOptions {
  readonly database: Database;
  readonly logger: Logger;
  /** Signs the cookies; the same on all nodes, at least 32 bytes. */
  readonly secret: string;
  /** Who may make an account, besides the first one: whoever has an invitation, or anybody. */
  readonly signUp: "invited" | "open";
  /** Where people reach the server; https makes the cookies secure. Absent: plain http on this machine. */
  readonly publicUrl?: string | undefined;
  /** Whether a token lets its holder make the first account. */
  readonly isSetupToken: (token: string) => boolean;
}
