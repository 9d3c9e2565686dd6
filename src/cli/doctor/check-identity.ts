import { finding, type Check } from "./finding.ts";

/** Who will be able to ask. */
export const checkIdentity: Check = async ({ isLoopback, needsKey, auth, http }) => {
  const sources = [
    ...(auth.resolve === undefined ? [] : ["the host application"]),
    ...(auth.jwt === undefined ? [] : ["tokens signed with a secret"]),
    ...(auth.oidc === undefined ? [] : [`tokens of ${auth.oidc.issuer}`]),
  ];
  if (isLoopback) return [finding("ok", "identity", "whoever has this machine's token; nobody else can reach it")];
  if (!needsKey) return [finding("ok", "identity", `${sources.join(", ")}, and API keys`)];
  return [
    finding(
      "note",
      "identity",
      `API keys only; HOST=${http.host} can be reached from other machines, so it starts once there is one`,
      '"natter key create", or set NATTER_JWT_SECRET or NATTER_OIDC_ISSUER',
    ),
  ];
};
