import { hash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { createId } from "../../foundation/ids.ts";

export interface OAuthTestServerOptions {
  readonly clientId: string;
  readonly clientSecret: string;
  /** The refresh token that is accepted first; each use replaces it. */
  readonly refreshToken?: string;
}

/** An authorization server on loopback: credentials, rotating refresh tokens, registration, and codes with PKCE that any person gets. */
export interface OAuthTestServer {
  readonly issuer: string;
  /** Bodies of requests for tokens. */
  readonly grants: readonly URLSearchParams[];
  /** Whether this is a token that was given out, and is valid. */
  accepts(authorization: string | undefined): boolean;
  /** Makes every access token invalid. */
  expire(): void;
  close(): Promise<void>;
}

const textOf = async (request: IncomingMessage): Promise<string> => {
  let text = "";
  for await (const piece of request.setEncoding("utf8")) text += String(piece);
  return text;
};

const bodyOf = async (request: IncomingMessage): Promise<URLSearchParams> => new URLSearchParams(await textOf(request));

const clientOf = ({ headers }: IncomingMessage, body: URLSearchParams): string => {
  const basic = /^Basic (.+)$/.exec(headers.authorization ?? "")?.[1];
  if (basic !== undefined) return Buffer.from(basic, "base64").toString("utf8");
  return `${body.get("client_id")}:${body.get("client_secret")}`;
};

export const createOAuthTestServer = async (options: OAuthTestServerOptions): Promise<OAuthTestServer> => {
  const grants: URLSearchParams[] = [];
  const valid = new Set<string>();
  const challenges = new Map<string, string>();
  let refreshToken = options.refreshToken;
  let issuer = "";

  const grant = (body: URLSearchParams): object | null => {
    const type = body.get("grant_type");
    const isCode = type === "authorization_code";
    const isRefresh = type === "refresh_token" || isCode;
    if (
      isCode &&
      challenges.get(body.get("code") ?? "") !== hash("sha256", body.get("code_verifier") ?? "", "base64url")
    )
      return null;
    if (!isCode && (isRefresh ? body.get("refresh_token") !== refreshToken : type !== "client_credentials"))
      return null;
    const token = createId();
    valid.add(token);
    const answer = { access_token: token, token_type: "Bearer", expires_in: 3_600 };
    if (!isRefresh) return answer;
    refreshToken = createId();
    return { ...answer, refresh_token: refreshToken };
  };

  const http = createServer((request, response) => {
    const send = (status: number, json: object): void => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(json));
    };
    if (request.url?.startsWith("/.well-known/") === true) {
      send(200, {
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        registration_endpoint: `${issuer}/register`,
        code_challenge_methods_supported: ["S256"],
        response_types_supported: ["code"],
        grant_types_supported: ["client_credentials", "authorization_code", "refresh_token"],
        token_endpoint_auth_methods_supported: ["client_secret_basic"],
      });
      return;
    }
    const { pathname, searchParams } = new URL(request.url ?? "/", issuer);
    if (pathname === "/authorize") {
      const back = new URL(searchParams.get("redirect_uri") ?? issuer);
      challenges.set("the code", searchParams.get("code_challenge") ?? "");
      back.searchParams.set("code", "the code");
      back.searchParams.set("state", searchParams.get("state") ?? "");
      response.writeHead(302, { location: back.href }).end();
      return;
    }
    if (pathname === "/register") {
      void textOf(request).then((text) => {
        const metadata: object = JSON.parse(text);
        const { clientId: client_id, clientSecret: client_secret } = options;
        send(201, { ...metadata, client_id, client_secret, token_endpoint_auth_method: "client_secret_basic" });
      });
      return;
    }
    void bodyOf(request).then((body) => {
      grants.push(body);
      if (clientOf(request, body) !== `${options.clientId}:${options.clientSecret}`)
        return send(401, { error: "invalid_client" });
      const answer = grant(body);
      return answer === null ? send(400, { error: "invalid_grant" }) : send(200, answer);
    });
  });
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  issuer = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  return {
    issuer,
    grants,
    accepts: (authorization) => valid.has(authorization?.replace(/^Bearer /, "") ?? ""),
    expire: () => valid.clear(),
    async close() {
      http.closeAllConnections();
      http.close();
      await once(http, "close");
    },
  };
};
