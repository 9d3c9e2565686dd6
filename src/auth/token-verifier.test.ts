import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT, type CryptoKey, type JWTPayload } from "jose";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { createTokenVerifier, type TokenSettings } from "./token-verifier.ts";

const secret = "a secret of at least thirty-two bytes";
const key = Buffer.from(secret);
const now = (): number => Math.floor(Date.now() / 1000);
const good = (): JWTPayload => ({ sub: "user-1", name: "Ada", email: "ada@example.test", exp: now() + 600 });

const sign = (payload: object, header: object = {}, by: Uint8Array | CryptoKey = key): Promise<string> =>
  new SignJWT(payload as JWTPayload).setProtectedHeader({ alg: "HS256", ...header }).sign(by);

const refusal = async (token: string, settings: TokenSettings = { jwt: { secret } }): Promise<string> =>
  createTokenVerifier(settings)(token).then(
    () => "accepted",
    (thrown: { code: string }) => thrown.code,
  );

const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

describe("tokens signed with the secret", () => {
  test("D1 a good one says who it is, and nothing that the operator did not name", async () => {
    const token = await sign({ ...good(), role: "owner", workspace: "other" });
    expect(await createTokenVerifier({ jwt: { secret } })(token)).toEqual({
      expiresAt: expect.any(Number),
      identity: { issuer: "jwt", subject: "user-1", name: "Ada", email: "ada@example.test" },
    });
  });

  test("claims that the operator names decide workspace and role", async () => {
    const verify = createTokenVerifier({
      jwt: { secret },
      claims: { workspace: "https://acme.test/tenant", role: "role" },
    });
    const { identity } = await verify(await sign({ ...good(), "https://acme.test/tenant": "acme", role: "reader" }));
    expect(identity).toMatchObject({ workspaceId: "acme", role: "reader" });
    const { identity: plain } = await verify(await sign({ ...good(), "https://acme.test/tenant": "acme" }));
    expect(plain).toMatchObject({ workspaceId: "acme", role: "member" });
  });

  test.each([
    ["somebody's personal workspace", { workspace: "personal-0190" }],
    ["an object for a workspace", { workspace: { id: "x" } }],
    ["an empty workspace", { workspace: "" }],
    ["an unknown role", { workspace: "acme", role: "root" }],
    ["a list of roles", { workspace: "acme", role: ["owner"] }],
  ])("refuses %s", async (_name, claims) => {
    const settings = { jwt: { secret }, claims: { workspace: "workspace", role: "role" } };
    expect(await refusal(await sign({ ...good(), ...claims }), settings)).toBe("unauthenticated");
  });

  test.each(["none", "nOnE", "NONE"])("S1 refuses alg %s, with an empty signature and with one", async (alg) => {
    const unsigned = new UnsecuredJWT(good()).encode();
    const [, payload] = unsigned.split(".");
    for (const signature of ["", "AAAA", (await sign(good())).split(".")[2]]) {
      expect(await refusal(`${base64({ alg })}.${payload}.${signature}`)).toBe("unauthenticated");
    }
    expect(await refusal(unsigned)).toBe("unauthenticated");
    expect(await refusal(`${(await sign(good())).split(".").slice(0, 2).join(".")}.`)).toBe("unauthenticated");
  });

  test("S3 refuses times that are past, absent, not numbers, or absurd", async () => {
    const { exp: _exp, ...endless } = good();
    const bad: object[] = [
      { ...good(), exp: now() - 61 },
      endless,
      { ...good(), exp: String(now() + 600) },
      { ...good(), exp: 1e20 },
      { ...good(), exp: null },
      { ...good(), exp: now() + 10 * 366 * 86_400 },
      { ...good(), nbf: now() + 120 },
      { ...good(), nbf: "tomorrow" },
      { ...good(), iat: now() + 120 },
      { ...good(), iat: "now" },
    ];
    for (const payload of bad)
      expect([payload, await refusal(await sign(payload))]).toEqual([payload, "unauthenticated"]);
  });

  test("F27 allows clocks to differ by a minute", async () => {
    for (const payload of [
      { ...good(), exp: now() - 50 },
      { ...good(), nbf: now() + 50 },
      { ...good(), iat: now() + 50 },
    ]) {
      expect(await refusal(await sign(payload))).toBe("accepted");
    }
  });

  test("refuses a subject that can't name a person", async () => {
    for (const sub of [undefined, "", 7, "a\u0000b", "\ud800", "x".repeat(256), ["a"]]) {
      expect(await refusal(await sign({ ...good(), sub }))).toBe("unauthenticated");
    }
  });

  test("cleans and shortens the name that a token claims", async () => {
    const { identity } = await createTokenVerifier({ jwt: { secret } })(
      await sign({ ...good(), name: `A\u0000${"x".repeat(500)}`, email: 7 }),
    );
    expect(identity.name).toBe(`A${"x".repeat(199)}`);
    expect(identity.email).toBeNull();
  });

  test("refuses what is no token, is too long, has another typ or audience, or another secret's signature", async () => {
    const settings = { jwt: { secret, audience: "natter" } };
    expect(await refusal(await sign({ ...good(), aud: "natter" }), settings)).toBe("accepted");
    expect(await refusal(await sign(good()), settings)).toBe("unauthenticated");
    expect(await refusal(await sign({ ...good(), aud: "other" }), settings)).toBe("unauthenticated");
    expect(await refusal(await sign(good(), { typ: "at+JWT" }))).toBe("accepted");
    expect(await refusal(await sign(good(), { typ: "secevent+jwt" }))).toBe("unauthenticated");
    expect(await refusal(await sign(good(), {}, Buffer.from("another secret of at least 32 bytes!")))).toBe(
      "unauthenticated",
    );
    expect(await refusal(await sign({ ...good(), padding: "x".repeat(9_000) }))).toBe("unauthenticated");
    for (const token of ["", "a", "a.b", "a.b.c", "....", "e30.e30.e30"])
      expect(await refusal(token)).toBe("unauthenticated");
  });

  test("S2 an RS256 token is no token where only a secret is set up", async () => {
    const { privateKey } = await generateKeyPair("RS256");
    expect(await refusal(await sign(good(), { alg: "RS256" }, privateKey))).toBe("unauthenticated");
  });
});

describe("tokens of an issuer", () => {
  const asked: string[] = [];
  let server: Server;
  let issuer: string;
  let privateKey: CryptoKey;
  let publicPem: string;
  let keySet: object;
  let isBroken = false;

  beforeAll(async () => {
    const pair = await generateKeyPair("RS256", { extractable: true });
    privateKey = pair.privateKey;
    publicPem = await exportSPKI(pair.publicKey);
    keySet = { keys: [{ ...(await exportJWK(pair.publicKey)), kid: "one", use: "sig" }] };
    server = createServer((request, response) => {
      asked.push(request.url ?? "");
      if (isBroken) return void response.writeHead(500).end();
      const body = request.url?.endsWith("openid-configuration") ? { issuer, jwks_uri: `${issuer}/keys` } : keySet;
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(() => new Promise((resolve) => server.close(resolve)));
  afterEach(() => {
    isBroken = false;
    asked.length = 0;
    vi.useRealTimers();
  });

  const settings = (): TokenSettings => ({ oidc: { issuer, audience: "natter" } });
  const claims = (): JWTPayload => ({ ...good(), iss: issuer, aud: "natter" });
  const issue = (
    payload: object = claims(),
    header: object = {},
    by: Uint8Array | CryptoKey = privateKey,
  ): Promise<string> => sign(payload, { alg: "RS256", kid: "one", ...header }, by);

  test("D1 a good one is accepted, and the keys are asked for once", async () => {
    const verify = createTokenVerifier(settings());
    const [first] = await Promise.all(Array.from({ length: 10 }, async () => verify(await issue())));
    expect(first?.identity).toEqual({ issuer, subject: "user-1", name: "Ada", email: "ada@example.test" });
    expect(asked).toEqual(["/.well-known/openid-configuration", "/keys"]);
  });

  test("S2 refuses HS256 signed with the public key, also when the key set names no algorithm", async () => {
    expect(await refusal(await issue(claims(), { alg: "HS256" }, Buffer.from(publicPem)), settings())).toBe(
      "unauthenticated",
    );
    const both = { ...settings(), jwt: { secret } };
    expect(await refusal(await issue(claims(), { alg: "HS256" }, Buffer.from(publicPem)), both)).toBe(
      "unauthenticated",
    );
  });

  test("refuses another issuer, another audience and an own key", async () => {
    const own = await generateKeyPair("RS256");
    expect(await refusal(await issue({ ...claims(), iss: "https://evil.test" }), settings())).toBe("unauthenticated");
    expect(await refusal(await issue({ ...claims(), aud: "other" }), settings())).toBe("unauthenticated");
    expect(await refusal(await issue(claims(), {}, own.privateKey), settings())).toBe("unauthenticated");
  });

  test.each(["../../dev/null", "' OR 1=1", "http://127.0.0.1:9/keys", "__proto__", "two"])(
    "S4 refuses the kid %s and asks nobody else",
    async (kid) => {
      const verify = createTokenVerifier(settings());
      await verify(await issue());
      asked.length = 0;
      await expect(verify(await issue(claims(), { kid }))).rejects.toMatchObject({ code: "unauthenticated" });
      expect(asked.filter((url) => url !== "/keys")).toEqual([]);
      expect(asked.length).toBeLessThanOrEqual(1);
    },
  );

  test("S4 refuses headers that bring or point to a key, and asks nobody", async () => {
    const own = await generateKeyPair("RS256", { extractable: true });
    const jwk = await exportJWK(own.publicKey);
    const verify = createTokenVerifier(settings());
    await verify(await issue());
    asked.length = 0;
    for (const header of [{ jku: `${issuer}/evil` }, { x5u: `${issuer}/evil` }, { jwk }]) {
      await expect(verify(await issue(claims(), header, own.privateKey))).rejects.toMatchObject({
        code: "unauthenticated",
      });
      await expect(verify(await issue(claims(), header))).rejects.toMatchObject({ code: "unauthenticated" });
    }
    expect(asked).toEqual([]);
  });

  test("S1 refuses alg none and what only looks like a token of the issuer", async () => {
    const good = await issue();
    const [header = "", payload = "", signature = ""] = good.split(".");
    const bad = [
      new UnsecuredJWT(claims()).encode(),
      `${base64({ alg: "none", kid: "one" })}.${payload}.`,
      `${header}.${payload}.`,
      `${header}.${payload}`,
      `${good}.`,
      `${header}.${payload}.${signature}.x.y`,
      `${header}.${payload}.${signature.slice(0, -4)}AAAA`,
      `${header}.${base64({ ...claims(), sub: "admin" })}.${signature}`,
      await issue(claims(), { alg: "PS256" }).catch(() => ""),
      await issue(claims(), { crit: ["b64"], b64: false }).catch(() => ""),
      `${base64({ alg: "RS256", kid: "one", crit: ["x"], x: 1 })}.${payload}.${signature}`,
      `${base64({ alg: "RSA-OAEP", enc: "A256GCM" })}.a.b.c.d`,
    ];
    for (const token of bad) expect([token, await refusal(token, settings())]).toEqual([token, "unauthenticated"]);
  });

  test("S2 a key of the set signs by its own kind of algorithm only, and never by a signature of nothing", async () => {
    const curve = await generateKeyPair("ES256", { extractable: true });
    const before = keySet;
    keySet = { keys: [{ ...(await exportJWK(curve.publicKey)), kid: "curve", use: "sig" }] };
    const token = await issue(claims(), { alg: "ES256", kid: "curve" }, curve.privateKey);
    expect(await refusal(token, settings())).toBe("accepted");
    const [header, payload] = token.split(".");
    for (const bytes of [Buffer.alloc(64), Buffer.alloc(0), Buffer.alloc(64, 0xff)])
      expect(await refusal(`${header}.${payload}.${bytes.toString("base64url")}`, settings())).toBe("unauthenticated");
    expect(await refusal(await issue(claims(), { kid: "curve" }), settings())).toBe("unauthenticated");
    keySet = { keys: [{ ...(await exportJWK(curve.publicKey)), kid: "curve", use: "enc" }] };
    expect(await refusal(token, settings())).toBe("unauthenticated");
    keySet = before;
  });

  test("a key that the issuer brings is taken up, and one that it took away is not for long", async () => {
    const verify = createTokenVerifier(settings());
    await verify(await issue());
    const next = await generateKeyPair("RS256", { extractable: true });
    const before = keySet;
    keySet = { keys: [{ ...(await exportJWK(next.publicKey)), kid: "next", use: "sig" }] };
    const rotated = await issue(claims(), { kid: "next" }, next.privateKey);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
    vi.setSystemTime(Date.now() + 31_000);
    expect((await verify(rotated)).identity.subject).toBe("user-1");
    await expect(verify(await issue())).rejects.toMatchObject({ code: "unauthenticated" });
    isBroken = true;
    expect((await verify(rotated)).identity.subject).toBe("user-1");
    vi.setSystemTime(Date.now() + 11 * 60_000);
    const late = await issue({ ...claims(), exp: now() + 600 }, { kid: "next" }, next.privateKey);
    await expect(verify(late)).rejects.toMatchObject({ code: "unavailable" });
    isBroken = false;
    expect((await verify(late)).identity.subject).toBe("user-1");
    keySet = before;
  });

  test("S36 a token of any size is refused at once, without asking anybody", async () => {
    const verify = createTokenVerifier(settings());
    await verify(await issue());
    asked.length = 0;
    const huge = `${base64({ alg: "RS256", kid: "two" })}.${"A".repeat(1_000_000)}.AAAA`;
    await expect(verify(huge)).rejects.toMatchObject({ code: "unauthenticated" });
    await expect(verify(await issue({ ...claims(), padding: "x".repeat(9_000) }))).rejects.toMatchObject({
      code: "unauthenticated",
    });
    expect(asked).toEqual([]);
  });

  test("says 503, not 401, while the issuer does not answer, and works again afterwards", async () => {
    const verify = createTokenVerifier(settings());
    isBroken = true;
    await expect(verify(await issue())).rejects.toMatchObject({ code: "unavailable", retryAfter: 5 });
    isBroken = false;
    expect((await verify(await issue())).identity.subject).toBe("user-1");
    const nobody = createTokenVerifier({ oidc: { issuer: "http://127.0.0.1:9", audience: "natter" } });
    await expect(nobody(await issue())).rejects.toMatchObject({ code: "unavailable" });
  });

  test("refuses a discovery document of another issuer", async () => {
    const other = `${issuer}/tenant`;
    await expect(
      createTokenVerifier({ oidc: { issuer: other, audience: "natter" } })(await issue()),
    ).rejects.toMatchObject({ code: "unavailable" });
  });
});
