import { NatterError } from "../foundation/errors.ts";
import { gateText, isStorable } from "../foundation/text-gate.ts";
import type { Identity } from "../people/identity.ts";
import { isNameableWorkspace } from "../people/workspace.ts";
import { roleSchema } from "../protocol/people/principal.ts";

/** Which claims, besides `sub`, `name` and `email`, the operator trusts. */
export interface TrustedClaims {
  readonly workspace?: string | undefined;
  readonly role?: string | undefined;
}

const maxAheadSeconds = 366 * 86_400;
const leewaySeconds = 60;

/** The one answer to a token that is no good; why is for the log only. */
export const badToken = (why: string, cause?: unknown): NatterError =>
  new NatterError("unauthenticated", "This token is not accepted; get a new one.", {
    cause: new Error(why, { cause }),
  });

const shownText = (value: unknown): string | null =>
  typeof value === "string" && value.trim() !== "" ? gateText(value).slice(0, 200) : null;

const checkTimes = (claims: Readonly<Record<string, unknown>>): number => {
  const now = Date.now() / 1000;
  if (typeof claims.exp !== "number" || !(claims.exp <= now + maxAheadSeconds))
    throw badToken("exp is missing or more than a year ahead");
  if (claims.iat !== undefined && !(typeof claims.iat === "number" && claims.iat <= now + leewaySeconds))
    throw badToken("iat is in the future");
  return claims.exp * 1000;
};

const claimOf = (claims: Readonly<Record<string, unknown>>, name: string | undefined): unknown =>
  name !== undefined && Object.hasOwn(claims, name) ? claims[name] : undefined;

/** What a verified token says, as far as the operator trusts it. */
export const readClaims = (
  claims: Readonly<Record<string, unknown>>,
  issuer: string,
  trusted: TrustedClaims,
): { readonly identity: Identity; readonly expiresAt: number } => {
  const expiresAt = checkTimes(claims);
  const { sub } = claims;
  if (typeof sub !== "string" || sub === "" || sub.length > 255 || !isStorable(sub))
    throw badToken("sub is missing or not usable");
  const workspace = claimOf(claims, trusted.workspace);
  if (workspace !== undefined && !(typeof workspace === "string" && isNameableWorkspace(workspace))) {
    throw badToken("the workspace claim is no workspace id");
  }
  const role = claimOf(claims, trusted.role);
  const parsedRole = roleSchema.safeParse(role);
  if (role !== undefined && !parsedRole.success) throw badToken("the role claim is no role");
  const profile = { issuer, subject: sub, name: shownText(claims.name), email: shownText(claims.email) };
  const said = parsedRole.success ? { role: parsedRole.data } : {};
  if (typeof workspace !== "string") return { expiresAt, identity: { ...profile, ...said } };
  // a role that the operator manages and no longer sends must not live on in the membership
  const managed = trusted.role === undefined ? {} : { role: "member" as const };
  return { expiresAt, identity: { ...profile, workspaceId: workspace, ...managed, ...said } };
};
