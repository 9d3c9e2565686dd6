import { z } from "zod";
import { timestampSchema } from "../identifiers.ts";
import { budgetStandingSchema } from "./budget.ts";
import { roleSchema } from "./principal.ts";

export const meSchema = z
  .object({
    userId: z.string(),
    workspaceId: z.string(),
    role: roleSchema,
    name: z.string().nullable(),
    hasSession: z.boolean().describe("Signed in with a password, and so can sign out"),
    quota: z.array(budgetStandingSchema).optional().describe("What is left of your budgets; absent: there are none"),
  })
  .meta({ id: "Me" });

/** Who one is here. */
export type Me = Readonly<z.infer<typeof meSchema>>;

export const signInOptionsSchema = z
  .object({ signUpNeeds: z.enum(["setup", "invitation", "nothing"]) })
  .meta({ id: "SignInOptions" });

/** What a new account needs on this server. */
export type SignInOptions = Readonly<z.infer<typeof signInOptionsSchema>>;

const accountSessionSchema = z.object({
  id: z.string(),
  userAgent: z.string().nullable().describe("What the browser called itself when it signed in"),
  isCurrent: z.boolean(),
  createdAt: timestampSchema,
  expiresAt: timestampSchema,
});

/** A browser that is signed in. */
export type AccountSession = Readonly<z.infer<typeof accountSessionSchema>>;

export const accountSchema = z
  .object({
    name: z.string(),
    email: z.string(),
    sessions: z.array(accountSessionSchema).describe("Where you are signed in, the newest first"),
  })
  .meta({ id: "Account" });

/** One's own built-in account. */
export type Account = Readonly<z.infer<typeof accountSchema>>;
