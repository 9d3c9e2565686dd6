import { createSecretKey } from "node:crypto";
import type { JWTVerifyOptions, ProtectedHeaderParameters } from "jose";
import type { Identity } from "../people/identity.ts";
import { asKeyTrouble, createIssuerKeys } from "./jwks.ts";
import { badToken, readClaims, type TrustedClaims } from "./token-claims.ts";

export interface TokenSettings {
  /** Tokens signed with a secret of at least 32 bytes (HS256). */
  readonly jwt?: { readonly secret: string; readonly audience?: string | undefined } | undefined;
  /** Tokens of an OpenID Connect issuer, signed with its public keys. */
  readonly oidc?: { readonly issuer: string; readonly audience: string } | undefined;
  readonly claims?: TrustedClaims | undefined;
}

export interface VerifiedToken {
  readonly identity: Identity;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

export type VerifyToken = (token: string) => Promise<VerifiedToken>;

const publicKeyAlgorithms = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
];
/** Headers that carry or point to a key of the token's own choosing. */
const keyHeaders = ["jku", "jwk", "x5u"];
const maxCharacters = 8_192;

const checkHeader = (header: ProtectedHeaderParameters): void => {
  const type = header.typ?.toLowerCase().replace(/^application\//, "") ?? "jwt";
  if (type !== "jwt" && type !== "at+jwt") throw badToken(`typ is ${type}`);
  const own = keyHeaders.find((name) => Object.hasOwn(header, name));
  if (own !== undefined) throw badToken(`the header has ${own}`);
};

const common: JWTVerifyOptions = { clockTolerance: 60, requiredClaims: ["exp", "sub"] };

const secretVerifier = (
  { secret, audience }: NonNullable<TokenSettings["jwt"]>,
  claims: TrustedClaims,
): VerifyToken => {
  const key = createSecretKey(Buffer.from(secret, "utf8"));
  const options = { ...common, algorithms: ["HS256"], ...(audience === undefined ? {} : { audience }) };
  return async (token) => {
    const { jwtVerify } = await import("jose");
    const { payload } = await jwtVerify(token, key, options);
    return readClaims(payload, "jwt", claims);
  };
};

const issuerVerifier = (
  { issuer, audience }: NonNullable<TokenSettings["oidc"]>,
  claims: TrustedClaims,
): VerifyToken => {
  const keys = createIssuerKeys(issuer);
  const options = { ...common, algorithms: publicKeyAlgorithms, issuer, audience };
  return async (token) => {
    const { jwtVerify } = await import("jose");
    const { payload } = await jwtVerify(token, await keys(), options);
    return readClaims(payload, issuer, claims);
  };
};

/**
 * Verifies JSON Web Tokens (RFC 7519, RFC 8725): the algorithm decides between the operator's secret and the issuer's
 * keys, and each accepts its own algorithms only.
 * @throws NatterError `unauthenticated`, or `unavailable` when the issuer's keys can't be had
 */
export const createTokenVerifier = ({ jwt, oidc, claims = {} }: TokenSettings): VerifyToken => {
  const bySecret = jwt === undefined ? undefined : secretVerifier(jwt, claims);
  const byIssuer = oidc === undefined ? undefined : issuerVerifier(oidc, claims);
  return async (token) => {
    if (token.length > maxCharacters) throw badToken("it is too long");
    try {
      const { decodeProtectedHeader } = await import("jose");
      const header = decodeProtectedHeader(token);
      checkHeader(header);
      const verify = header.alg === "HS256" ? bySecret : byIssuer;
      if (verify === undefined) throw badToken(`${header.alg} is not set up`);
      return await verify(token);
    } catch (thrown) {
      throw asKeyTrouble(thrown) ?? badToken("it does not verify", thrown);
    }
  };
};
