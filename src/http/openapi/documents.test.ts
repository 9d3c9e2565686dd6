import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Database } from "../../ports/database.ts";
import { silentLogger } from "../../foundation/logger.ts";
import { createMetrics } from "../../telemetry/metrics.ts";
import { createScriptedModel } from "../../testing/providers/scripted-model.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { createWeb, tokenFor, type Web } from "../../testing/servers/web.ts";

interface Operation {
  readonly operationId: string;
  readonly security?: readonly unknown[];
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly schema: { type?: string } }[];
  readonly requestBody?: { readonly content: Record<string, { schema: { $ref?: string } }> };
  readonly responses: Record<string, { readonly content?: Record<string, unknown> }>;
}

interface Description {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, object> };
}

const references = (value: unknown): string[] => {
  if (Array.isArray(value)) return value.flatMap(references);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    key === "$ref" && typeof member === "string" ? [member] : references(member),
  );
};

describe("what explains and watches the server", () => {
  let database: Database;
  let web: Web;
  const metricsToken = "a-token-for-prometheus";

  beforeAll(async () => {
    database = await testDatabases.at(-1)!.open();
    const metrics = await createMetrics({
      backlog: async () => ({ queued: 7, running: 2, waiting: 0, dueSeconds: 1, leaseAgeSeconds: 3 }),
      pools: () => ({}),
      logger: silentLogger,
    });
    web = await createWeb({ database, model: createScriptedModel(() => []), dependencies: { metrics, metricsToken } });
    metrics.countAccepted();
  });
  afterAll(async () => {
    await web.close();
    await database.close();
  });

  const describeApi = async (): Promise<Description> => (await (await web.ask("/openapi.json")).json()) as Description;

  test("the description holds every route, with all its parameters and a problem", async () => {
    const { openapi, paths } = await describeApi();
    expect(openapi).toBe("3.1.0");
    const operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    );
    expect(operations.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual(
      web.http.routes.map(({ method, path }) => `${method} ${path}`).toSorted(),
    );
    for (const { path, operation } of operations) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(operation.parameters.filter((parameter) => parameter.in === "path").map(({ name }) => name)).toEqual(
        named,
      );
      expect(Object.keys(operation.responses)).toContain("default");
    }
    expect(new Set(operations.map(({ operation }) => operation.operationId)).size).toBe(operations.length);
  });

  test("every reference in it leads somewhere, and no schema is lost", async () => {
    const description = await describeApi();
    const names = Object.keys(description.components.schemas);
    for (const reference of references(description))
      expect(names).toContain(reference.replace("#/components/schemas/", ""));
    expect(names).toEqual(
      expect.arrayContaining([
        "SendRequest",
        "Conversation",
        "Message",
        "Completion",
        "Problem",
        "Answer",
        "Part",
        "Usage",
      ]),
    );
    const send = description.paths["/v1/chat"]?.["post"];
    expect(send?.requestBody?.content["application/json"]?.schema).toEqual({
      anyOf: ["SendRequest", "AiSdkRequest"].map((name) => ({ $ref: `#/components/schemas/${name}` })),
    });
    expect(Object.keys(send?.responses ?? {})).toEqual(expect.arrayContaining(["429", "503"]));
    expect(Object.keys(send?.responses["200"]?.content ?? {})).toEqual(["text/event-stream", "application/json"]);
    expect(description.components.schemas["SendRequest"]).toMatchObject({
      type: "object",
      required: ["message"],
      additionalProperties: false,
    });
  });

  test("the page lets nothing run but its own script", async () => {
    const response = await web.ask("/docs");
    expect(response.status).toBe(200);
    const policy = response.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toMatch(/script-src 'sha256-[\w+/=]+'/);
    expect(policy).not.toContain("unsafe");
    expect(await response.text()).not.toMatch(/(src|href)="(https?:)?\/\//);
  });

  test("/healthz needs nobody, /readyz says what is missing", async () => {
    expect(await (await web.ask("/healthz")).json()).toEqual({ status: "ok" });
    const unready = await createWeb({
      database,
      model: createScriptedModel(() => []),
      dependencies: { readiness: async () => ({ database: true, migrations: false }) },
    });
    const response = await unready.ask("/readyz");
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({
      status: "not ready",
      checks: { database: true, migrations: false, accepting: true },
    });
    await unready.close();
  });

  test("N11 /metrics opens to somebody known and to the metrics token, and counts by route", async () => {
    expect((await web.ask("/metrics")).status).toBe(401);
    expect((await web.ask("/metrics", { token: "a.wrong.token" })).status).toBe(401);
    const token = await tokenFor();
    await web.ask("/v1/me", { token });
    expect((await web.ask("/metrics", { token })).status).toBe(200);
    expect((await web.ask("/metrics", { token: metricsToken })).status).toBe(200);
    expect((await web.ask("/v1/me", { token: metricsToken })).status).toBe(401);
    const text = await (await web.ask("/metrics", { token })).text();
    expect(text).toContain('natter_http_requests_total{route="/v1/me",method="GET",status="200"} 1');
    expect(text).toContain('natter_queue_depth{status="queued"} 7');
    expect(text).toContain("natter_messages_accepted_total 1");
    expect(text).toContain('natter_viewers{transport="sse"} 0');
  });
});
