import { z } from "zod";
import { NatterError } from "../foundation/errors.ts";
import type { FetchImplementation, JWTVerifyGetKey } from "jose";

const timeoutMs = 5_000;

const discoverySchema = z.object({ issuer: z.string(), jwks_uri: z.url({ protocol: /^https?$/ }) });

const unreachable = (cause: unknown): NatterError =>
  new NatterError("unavailable", "Tokens cannot be checked just now: the identity provider does not answer.", {
    cause,
    retryAfter: 5,
  });

const discover = async (issuer: string): Promise<URL> => {
  const url = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  try {
    const response = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(timeoutMs) });
    const document = discoverySchema.parse(await response.json());
    if (document.issuer !== issuer) throw new Error(`${url} names the issuer ${document.issuer}`);
    return new URL(document.jwks_uri);
  } catch (cause) {
    throw unreachable(cause);
  }
};

const fetchKeys: FetchImplementation = async (url, options) => {
  try {
    return await fetch(url, options);
  } catch (cause) {
    throw unreachable(cause);
  }
};

/**
 * The keys of an OpenID Connect issuer, found by discovery at the first use. Only the operator's issuer is ever asked,
 * never an address from a token; an unknown `kid` asks again at most every 30 seconds.
 */
export const createIssuerKeys = (issuer: string): (() => Promise<JWTVerifyGetKey>) => {
  let keys: Promise<JWTVerifyGetKey> | undefined;
  const load = async (): Promise<JWTVerifyGetKey> => {
    const [{ createRemoteJWKSet, customFetch }, url] = await Promise.all([import("jose"), discover(issuer)]);
    return createRemoteJWKSet(url, { timeoutDuration: timeoutMs, [customFetch]: fetchKeys });
  };
  return () => {
    keys ??= load().catch((cause: unknown) => {
      keys = undefined;
      throw cause;
    });
    return keys;
  };
};

const keyTroubles: ReadonlySet<unknown> = new Set(["ERR_JWKS_TIMEOUT", "ERR_JWKS_INVALID", "ERR_JOSE_GENERIC"]);

/** Set when verifying failed because the keys could not be had, which says nothing about the token. */
export const asKeyTrouble = (thrown: unknown): NatterError | null => {
  if (thrown instanceof NatterError) return thrown;
  return thrown instanceof Error && "code" in thrown && keyTroubles.has(thrown.code) ? unreachable(thrown) : null;
};
