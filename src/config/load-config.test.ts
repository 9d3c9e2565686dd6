import { describe, expect, test } from "vitest";
import { ConfigurationError } from "./configuration-error.ts";
import { loadConfig } from "./load-config.ts";
import { defineConfig, type NatterConfig } from "./natter-config.ts";

const mistakes = (env: Record<string, string>, file?: NatterConfig): readonly string[] => {
  try {
    loadConfig(env, file);
    return [];
  } catch (thrown) {
    if (thrown instanceof ConfigurationError) return thrown.mistakes;
    throw thrown;
  }
};

const secret = "0123456789abcdef0123456789abcdef";

describe("loadConfig", () => {
  test("nothing set is the embedded server in loopback mode", () => {
    expect(loadConfig({})).toMatchObject({
      isLoopback: true,
      http: {
        host: "127.0.0.1",
        port: 3210,
        basePath: "",
        viewerBytes: 1_048_576,
        answerSeconds: 30,
        drainSeconds: 25,
      },
      stores: { dataDirectory: ".natter", databaseUrl: undefined, redisUrl: undefined, logRetentionSeconds: 60 },
      worker: { role: "all", concurrency: 200, leaseSeconds: 10, pollSeconds: 1 },
      models: { allowsDemo: true, stallSeconds: 30, providers: {} },
    });
  });

  test.each([
    [{ PORT: "x" }, "PORT"],
    [{ PORT: "70000" }, "PORT"],
    [{ DATABASE_URL: "mysql://a" }, "DATABASE_URL"],
    [{ REDIS_URL: "localhost:6379" }, "REDIS_URL"],
    [{ NATTER_JWT_SECRET: "short" }, "NATTER_JWT_SECRET"],
    [{ NATTER_OIDC_ISSUER: "ftp://a" }, "NATTER_OIDC_ISSUER"],
    [{ NATTER_OIDC_ISSUER: "https://id.test" }, "NATTER_OIDC_AUDIENCE"],
    [{ AZURE_API_KEY: "key" }, "AZURE_RESOURCE_NAME"],
    [{ OPENAI_COMPATIBLE_BASE_URL: "localhost" }, "OPENAI_COMPATIBLE_BASE_URL"],
    [{ NATTER_LEASE_SECONDS: "0" }, "NATTER_LEASE_SECONDS"],
    [{ NATTER_ROLE: "server" }, "NATTER_ROLE"],
    [{ NATTER_ROLE: "web" }, "DATABASE_URL"],
    [{ NATTER_ROLE: "worker" }, "DATABASE_URL"],
    [{ NATTER_TRUSTED_PROXIES: "10.0.0.0/8, proxy.test" }, "NATTER_TRUSTED_PROXIES"],
    [{ NATTER_TRUSTED_PROXIES: "10.0.0.0/33" }, "NATTER_TRUSTED_PROXIES"],
    [{ NATTER_TRUSTED_PROXIES: "::1/129" }, "NATTER_TRUSTED_PROXIES"],
    [{ NATTER_VIEWERS: "0" }, "NATTER_VIEWERS"],
    [{ NATTER_SENDS_PER_MINUTE: "-1" }, "NATTER_SENDS_PER_MINUTE"],
    [{ NATTER_QUEUE: "kafka" }, "NATTER_QUEUE"],
    [{ NATTER_QUEUE: "bullmq" }, "REDIS_URL"],
    [{ NATTER_CONCURRENCY: "1.5" }, "NATTER_CONCURRENCY"],
    [{ NATTER_POLL_SECONDS: "soon" }, "NATTER_POLL_SECONDS"],
    [{ NATTER_VIEWER_BYTES: "1" }, "NATTER_VIEWER_BYTES"],
    [{ NATTER_ALLOWED_HOSTS: "http://a.test" }, "NATTER_ALLOWED_HOSTS"],
    [{ NATTER_METRICS_TOKEN: "abc" }, "NATTER_METRICS_TOKEN"],
    [{ NATTER_ALLOW_DEMO: "maybe" }, "NATTER_ALLOW_DEMO"],
  ])("%o is one line that names the variable", (env, name) => {
    const said = mistakes(env);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(new RegExp(`^${name}(\\.\\d+)?: `));
    expect(said[0]).not.toContain("\n");
  });

  test("all mistakes are told at once, and no secret with them", () => {
    const said = mistakes({ PORT: "x", NATTER_JWT_SECRET: "hunter2", DATABASE_URL: "mysql://root:hunter2@db" });
    expect(said).toHaveLength(3);
    expect(said.join()).not.toContain("hunter2");
  });

  test("S44: every limit is set by the environment, and the file wins", () => {
    expect(loadConfig({}).limits).toEqual({
      requests: 1_000,
      viewers: 10_000,
      viewersPerUser: 250,
      sendsPerMinute: 600,
      tokensPerMinute: 1_200,
      waitingSends: 100,
      openPerUser: 1_000,
      runningPerUser: 100,
      backgroundPerUser: 50,
      uploadBytes: 10_485_760,
      storagePerUser: 1_073_741_824,
    });
    const env = { NATTER_VIEWERS_PER_USER: "3", NATTER_SENDS_PER_MINUTE: "0", NATTER_WAITING_SENDS: "2" };
    const limits = { waitingSends: 7, runningPerUser: 1 };
    expect(loadConfig(env, { limits }).limits).toMatchObject({
      viewersPerUser: 3,
      sendsPerMinute: 0,
      waitingSends: 7,
      runningPerUser: 1,
    });
  });

  test("S43: trusted proxies are addresses and networks of both kinds; nobody is trusted by default", () => {
    expect(loadConfig({}).http.trustedProxies).toEqual([]);
    const proxies = { NATTER_TRUSTED_PROXIES: "10.0.0.0/8, 192.0.2.1,fd00::/8" };
    expect(loadConfig(proxies).http.trustedProxies).toEqual(["10.0.0.0/8", "192.0.2.1", "fd00::/8"]);
  });

  test("a host says in its code what a process does", () => {
    const databaseUrl = "postgres://127.0.0.1/natter";
    expect(loadConfig({ NATTER_ROLE: "worker" }, { databaseUrl, role: "web" }).worker.role).toBe("web");
  });

  test("BullMQ is chosen where Redis is known, from the environment or the file", () => {
    const redisUrl = "redis://127.0.0.1";
    expect(loadConfig({ REDIS_URL: redisUrl }).stores.queue).toBe("table");
    expect(loadConfig({ NATTER_QUEUE: "bullmq", REDIS_URL: redisUrl }).stores.queue).toBe("bullmq");
    expect(loadConfig({ NATTER_QUEUE: "bullmq" }, { redisUrl }).stores.queue).toBe("bullmq");
  });

  test("an empty variable counts as absent", () => {
    expect(loadConfig({ PORT: "", DATABASE_URL: "", NATTER_JWT_SECRET: "" })).toMatchObject({
      isLoopback: true,
      http: { port: 3210 },
    });
  });

  test.each(["0.0.0.0", "::", "192.168.1.2", "example.test", "127.0.0.1.evil.test"])(
    "a public bind to %s without identity may start with a key only",
    (HOST) => {
      const needs = (env: object, file: NatterConfig = {}) => {
        const { isLoopback, needsKey } = loadConfig({ HOST, ...env }, file);
        return { isLoopback, needsKey };
      };
      expect(needs({})).toEqual({ isLoopback: false, needsKey: true });
      const identified = { isLoopback: false, needsKey: false };
      expect(needs({ NATTER_JWT_SECRET: secret })).toEqual(identified);
      expect(needs({}, { auth: { resolve: () => null } })).toEqual(identified);
      expect(needs({ NATTER_OIDC_ISSUER: "https://id.test", NATTER_OIDC_AUDIENCE: "natter" })).toEqual(identified);
    },
  );

  test("accounts are on by the environment or the file, need a key or an account on a public bind, and one secret on several nodes", () => {
    const on = { NATTER_ACCOUNTS: "invited" };
    expect(loadConfig({}).accounts).toBeUndefined();
    expect(loadConfig(on)).toMatchObject({ isLoopback: false, needsKey: false, accounts: { signUp: "invited" } });
    expect(loadConfig({}, { auth: { accounts: { signUp: "open" } } }).accounts).toMatchObject({ signUp: "open" });
    expect(loadConfig({ ...on, HOST: "0.0.0.0" })).toMatchObject({ isLoopback: false, needsKey: true });
    const DATABASE_URL = "postgres://127.0.0.1/natter";
    expect(() => loadConfig({ ...on, DATABASE_URL })).toThrow("NATTER_ACCOUNTS_SECRET");
    expect(loadConfig({ ...on, DATABASE_URL, NATTER_ACCOUNTS_SECRET: secret }).accounts).toMatchObject({ secret });
    expect(() => loadConfig({ ...on, NATTER_ACCOUNTS_SECRET: "short" })).toThrow("32 bytes");
    expect(() => loadConfig({ ...on, NATTER_PUBLIC_URL: "chat.example.org" })).toThrow("NATTER_PUBLIC_URL");
  });

  test.each(["127.0.0.1", "localhost", "::1", "127.9.9.9"])("a bind to %s needs none", (HOST) => {
    expect(loadConfig({ HOST })).toMatchObject({ isLoopback: true, needsKey: false });
  });

  test("the demo model answers in production only when it is allowed", () => {
    expect(loadConfig({ NODE_ENV: "production" }).models.allowsDemo).toBe(false);
    expect(loadConfig({ NODE_ENV: "production", NATTER_ALLOW_DEMO: "1" }).models.allowsDemo).toBe(true);
  });

  test("the file wins over the environment", () => {
    const file = defineConfig({
      databaseUrl: "postgres://file/db",
      providers: { compatible: { baseUrl: "http://file.test/v1" } },
      auth: { jwt: { secret, audience: "natter" } },
      limits: { answerSeconds: 5 },
      basePath: "/natter",
    });
    const config = loadConfig(
      {
        DATABASE_URL: "postgres://env/db",
        OPENAI_COMPATIBLE_BASE_URL: "http://env.test/v1",
        NATTER_JWT_SECRET: secret,
      },
      file,
    );
    expect(config.stores.databaseUrl).toBe("postgres://file/db");
    expect(config.models.providers["compatible"]).toEqual({ baseUrl: "http://file.test/v1" });
    expect(config.auth.jwt).toEqual({ secret, audience: "natter" });
    expect(config.http).toMatchObject({ answerSeconds: 5, basePath: "/natter" });
  });

  test("B8 a provider may have a limit and models to fall back on", () => {
    const provider = { baseUrl: "http://a.test/v1", concurrency: 20, fallback: ["anthropic/claude-haiku-4-5"] };
    expect(loadConfig({}, { providers: { own: provider } }).models.providers["own"]).toEqual(provider);
    expect(mistakes({}, { providers: { own: { ...provider, concurrency: 0 } } })).toHaveLength(1);
  });

  test("names the key of the file that is wrong", () => {
    const wrong = {
      providers: { own: { base: "x" } },
      agents: { "a b": {} },
      basePath: "natter",
      prices: { "a/b": { input: -1, output: 1 } },
      auth: { resolve: "me", jwt: { secret: "short" } },
      surprise: true,
    };
    const said = mistakes({}, wrong as unknown as NatterConfig);
    for (const key of [
      "providers.own",
      "agents.a b",
      "basePath",
      "prices.a/b.input",
      "auth.resolve",
      "auth.jwt.secret",
    ]) {
      expect(said.some((line) => line.startsWith(`natter.config.ts: ${key}: `))).toBe(true);
    }
    expect(said.join()).toContain("surprise");
  });

  test("C11: steps, messages of context, summaries and context are set in the file, and checked", () => {
    const { features, agentDefaults, context } = loadConfig({});
    expect(features).toMatchObject({ titles: true, summary: true });
    expect([agentDefaults, context]).toEqual([{}, undefined]);
    const orders = { find: () => 1 };
    const set = loadConfig(
      {},
      { limits: { steps: 3, contextMessages: 20 }, features: { summary: false }, context: orders },
    );
    expect(set).toMatchObject({ agentDefaults: { maxSteps: 3, contextMessages: 20 }, features: { summary: false } });
    expect(set.context).toBe(orders);
    for (const limits of [{ steps: 0 }, { contextMessages: 1.5 }, { steps: 1e6 }])
      expect(() => loadConfig({}, { limits })).toThrow(ConfigurationError);
  });
});
