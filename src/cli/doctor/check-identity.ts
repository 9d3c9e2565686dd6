import { finding, type Check } from "./finding.ts";

/** Who will be able to ask. */
export const checkIdentity: Check = async ({ isLoopback, needsKey, auth, accounts }) => {
  const sources = [
    ...(auth.resolve === undefined ? [] : ["the host application"]),
    ...(auth.jwt === undefined ? [] : ["tokens signed with a secret"]),
    ...(accounts === undefined ? [] : ["built-in accounts"]),
    ...(auth.oidc === undefined ? [] : [`tokens of ${auth.oidc.issuer}`]),
  ];
  if (isLoopback) return [finding("ok", "identity", "whoever has this machine's token; nobody else can reach it")];
  const others = sources.length === 0 ? "" : `${sources.join(", ")}, and `;
  return [finding("ok", "identity", `${others}API keys${needsKey && accounts === undefined ? " only" : ""}`)];
};
