import { expect, test } from "vitest";
import { describeConfig } from "./describe-config.ts";
import { environmentSchema } from "./environment.ts";
import { loadConfig } from "./load-config.ts";

const canary = "canary-canary-canary-canary-canary";

/** What a value of each variable may look like, with the canary where a secret may stand. */
const everything = {
  DATABASE_URL: `postgres://${canary}:${canary}@db.test:5432/natter?password=${canary}`,
  REDIS_URL: `redis://:${canary}@redis.test:6379/0`,
  S3_URL: `https://${canary}:${canary}@s3.test/bucket?secret=${canary}`,
  NATTER_JWT_SECRET: canary,
  NATTER_ACCOUNTS: "invited",
  NATTER_ACCOUNTS_SECRET: canary,
  NATTER_PUBLIC_URL: `https://${canary}@natter.test/`,
  NATTER_METRICS_TOKEN: canary,
  OPENAI_API_KEY: canary,
  ANTHROPIC_API_KEY: canary,
  GOOGLE_GENERATIVE_AI_API_KEY: canary,
  GROQ_API_KEY: canary,
  DEEPSEEK_API_KEY: canary,
  AZURE_API_KEY: canary,
  AZURE_RESOURCE_NAME: "azure",
  OPENAI_COMPATIBLE_BASE_URL: `https://${canary}@models.test/v1?key=${canary}`,
  OPENAI_COMPATIBLE_API_KEY: canary,
  NATTER_OPERATORS: "user-1, user-2",
};

test("S33 every variable is told by its name, and no secret in any of them", () => {
  const own = { baseUrl: `https://${canary}@own.test/v1`, apiKey: canary, headers: { "x-key": canary } };
  const lines = describeConfig(loadConfig(everything, { providers: { own } }));
  expect(JSON.stringify(lines)).not.toContain(canary);
  const names = lines.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  const variables = Object.keys(environmentSchema.shape).filter((name) => name !== "NODE_ENV");
  expect(variables.filter((name) => !names.includes(name))).toEqual([]);
  const shown = Object.fromEntries(lines.map(({ name, value }) => [name, value]));
  expect(shown).toMatchObject({
    DATABASE_URL: "postgres://db.test:5432/natter",
    OPENAI_API_KEY: true,
    NATTER_METRICS_TOKEN: true,
    NATTER_OPERATORS: "user-1, user-2",
    "providers.own.baseUrl": "https://own.test/v1",
  });
});

test("what is not set is told as that", () => {
  const shown = Object.fromEntries(describeConfig(loadConfig({})).map(({ name, value }) => [name, value]));
  expect(shown).toMatchObject({ DATABASE_URL: null, OPENAI_API_KEY: false, PORT: 3210, NATTER_ACCOUNTS: "off" });
});
