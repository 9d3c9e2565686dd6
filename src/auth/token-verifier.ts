import { createSecretKey } from "node:crypto";
import type { JWTVerifyOptions, ProtectedHeaderParameters } from "jose";
import type { Identity } from "../people/identity.ts";
import { asKeyTrouble, createIssuerKeys } from "./jwks.ts";
import { badToken, readClaims, type TrustedClaims } from "./token-claims.ts";

export interface TokenSettings {
  /** HS256 secret of at least 32 bytes. */
  readonly secret?: string | undefined;
  /** OpenID Connect issuer; its tokens are signed with public keys. */
  readonly issuer?: string | undefined;
  readonly audience?: string | undefined;
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

/**
 * Verifies JSON Web Tokens (RFC 7519, RFC 8725): the algorithm decides between the operator's secret and the issuer's
 * keys, and each accepts its own algorithms only.
 * @throws NatterError `unauthenticated`, or `unavailable` when the issuer's keys can't be had
 */
export const createTokenVerifier = (settings: TokenSettings): VerifyToken => {
  const { secret, issuer } = settings;
  const secretKey = secret === undefined ? undefined : createSecretKey(Buffer.from(secret, "utf8"));
  const issuerKeys = issuer === undefined ? undefined : createIssuerKeys(issuer);
  const common: JWTVerifyOptions = {
    clockTolerance: 60,
    requiredClaims: ["exp", "sub"],
    ...(settings.audience === undefined ? {} : { audience: settings.audience }),
  };
  const verify = async (token: string): Promise<VerifiedToken> => {
    const { decodeProtectedHeader, jwtVerify } = await import("jose");
    const header = decodeProtectedHeader(token);
    checkHeader(header);
    if (header.alg === "HS256") {
      if (secretKey === undefined) throw badToken("HS256 is not set up");
      const { payload } = await jwtVerify(token, secretKey, { ...common, algorithms: ["HS256"] });
      return readClaims(payload, "jwt", settings.claims ?? {});
    }
    if (issuer === undefined || issuerKeys === undefined) throw badToken(`${header.alg} is not set up`);
    const { payload } = await jwtVerify(token, await issuerKeys(), {
      ...common,
      issuer,
      algorithms: publicKeyAlgorithms,
    });
    return readClaims(payload, issuer, settings.claims ?? {});
  };
  return async (token) => {
    if (token.length > maxCharacters) throw badToken("it is too long");
    try {
      return await verify(token);
    } catch (thrown) {
      throw asKeyTrouble(thrown) ?? badToken("it does not verify", thrown);
    }
  };
};
