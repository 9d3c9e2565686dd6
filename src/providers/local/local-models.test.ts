import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { describe, expect, onTestFinished, test } from "vitest";
import { createScriptedModel, say } from "../../testing/providers/scripted-model.ts";
import { createLocalModels } from "./local-models.ts";
import { findLocalModels, type LocalServer } from "./local-servers.ts";
import { createProviders, type ProvidersConfig } from "../registry.ts";

const serve = async (answer: RequestListener): Promise<LocalServer> => {
  const server = createServer(answer);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return { id: "ollama", baseUrl: `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/v1` };
};

const json =
  (body: unknown, status = 200): RequestListener =>
  (_request, response) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));

const ids = (models: readonly { id: string }[]): string[] => models.map(({ id }) => id);

describe("A9 a server on this machine", () => {
  test("tells its models, without ids that no model can have", async () => {
    const server = await serve(
      json({ data: [{ id: "llama3.2:3b" }, { id: "qwen/qwen3-8b" }, { id: "a b" }, { id: "" }, {}, "x"] }),
    );
    expect(ids(await findLocalModels(server))).toEqual(["ollama/llama3.2:3b", "ollama/qwen/qwen3-8b"]);
  });

  test.each<[string, RequestListener]>([
    ["refuses", json({ data: [{ id: "a" }] }, 401)],
    ["is some website", (_request, response) => response.end("<html>")],
    ["answers something else", json({ data: "a" })],
    ["sends elsewhere", (_request, response) => response.writeHead(302, { location: "/v1/models" }).end()],
    ["never answers", () => {}],
    ["never ends", (_request, response) => void response.writeHead(200).write('{"data":[')],
  ])("that %s has none, and costs no longer than a moment", async (_what, answer) => {
    expect(await findLocalModels(await serve(answer), 50)).toEqual([]);
  });

  test("that is not there has none", async () => {
    expect(await findLocalModels({ id: "vllm", baseUrl: "http://127.0.0.1:1/v1" })).toEqual([]);
  });
});

describe("models on this machine", () => {
  const model = { contextTokens: null, maxOutputTokens: null, tools: true, reasoning: false, images: false, files: [] };
  const llama = { ...model, id: "ollama/llama3", name: "llama3" };
  const server: LocalServer = { id: "ollama", baseUrl: "http://127.0.0.1:1/v1" };
  const found = () => {
    let asked = 0;
    let time = 0;
    const local = createLocalModels({
      servers: [server],
      maxAge: 1000,
      now: () => time,
      find: async () => {
        asked += 1;
        return [llama];
      },
    });
    return { local, asked: () => asked, pass: (milliseconds: number) => (time += milliseconds) };
  };
  const create = (config: Partial<ProvidersConfig>) =>
    createProviders({ providers: {}, aliases: {}, prices: {}, allowsDemo: true, stallSeconds: 5, ...config });

  test("are asked for by the first look at the list, which waits for nobody, and again when that is old", async () => {
    const { local, asked, pass } = found();
    expect(asked()).toBe(0);
    expect(local.list()).toEqual([]);
    await local.settled();
    expect([local.list(), local.list(), asked()]).toEqual([[llama], [llama], 1]);
    pass(1000);
    local.list();
    expect(asked()).toBe(2);
  });

  test("are offered when found, and never chosen by anybody but a person", async () => {
    const { local } = found();
    const { models } = create({ local, allowsDemo: false });
    expect([models.defaultModel, models.resolve("ollama/llama3"), models.list()]).toEqual(["", undefined, []]);
    await local.settled();
    expect(models.list()).toEqual([{ ...llama, price: null }]);
    expect(models.resolve("ollama/llama3")).toBe("ollama/llama3");
    for (const id of ["llama3", "ollama/other", "vllm/llama3"]) expect(models.resolve(id)).toBe(undefined);
    expect(models.defaultModel).toBe("");
  });

  test("may be the default of whoever runs this server, found or not", () => {
    const { models, driver } = create({ local: found().local, default: "ollama/llama3" });
    expect([models.defaultModel, models.resolve("ollama/llama3")]).toEqual(["ollama/llama3", "ollama/llama3"]);
    expect(() => driver("ollama/llama3")).not.toThrow();
    expect(() => driver("vllm/llama3")).toThrow("any more");
    expect(() => create({ default: "ollama/llama3" })).toThrow("no provider");
  });

  test("give way to a configured provider of the same id", async () => {
    const { local } = found();
    const own = { driver: createScriptedModel(() => [say("own")]), models: ["mine"] };
    const { models } = create({ local, providers: { ollama: own } });
    models.list();
    await local.settled();
    expect(ids(models.list())).toEqual(["ollama/mine", "natter/demo"]);
  });
});
