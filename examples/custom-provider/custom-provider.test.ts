import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findFreePort } from "../../src/testing/servers/private-server.ts";
import type { Completion, Message } from "../../src/protocol/resources.ts";

interface Asked {
  readonly model: string;
  readonly messages: readonly unknown[];
  readonly tools: readonly { readonly name: string }[];
}

const asked: Asked[] = [];

/** The inference server: it adds two numbers with a tool, then says that it has. */
const answer = (request: Asked): object[] =>
  JSON.stringify(request.messages.at(-1)).includes("tool-result")
    ? [{ text: "It is " }, { text: "five." }, { end: { inputTokens: 30, outputTokens: 3 } }]
    : [
        { text: "Let me see." },
        { call: { id: "call_1", name: "add", input: { a: 2, b: 3 } } },
        { end: { inputTokens: 20, outputTokens: 9 } },
      ];

let server: Server;
let natter: ChildProcess;
let dataDirectory: string;
let url: string;
let token: string;

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const body = JSON.parse(Buffer.concat(await request.toArray()).toString()) as Asked;
    asked.push(body);
    for (const line of answer(body)) response.write(`${JSON.stringify(line)}\n`);
    response.end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const inference = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/answer`;
  dataDirectory = await mkdtemp(join(tmpdir(), "natter-example-"));
  const port = await findFreePort();
  url = `http://127.0.0.1:${port}`;
  natter = spawn(process.execPath, [join(import.meta.dirname, "../../src/cli/main.ts"), "start"], {
    cwd: import.meta.dirname,
    env: {
      PATH: process.env["PATH"] ?? "",
      NATTER_DATA_DIR: dataDirectory,
      PORT: String(port),
      INFERENCE_URL: inference,
      LOG_LEVEL: "error",
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const text of natter.stdout?.setEncoding("utf8") ?? [])
    if (String(text).includes("Natter answers on")) break;
  token = (await readFile(join(dataDirectory, "token"), "utf8")).trim();
}, 120_000);

afterAll(async () => {
  if (natter.exitCode === null) {
    natter.kill();
    await once(natter, "exit");
  }
  server.close();
  await rm(dataDirectory, { recursive: true, force: true });
});

const ask = async (text: string, model?: string) => {
  const response = await fetch(`${url}/v1/chat`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ message: { text }, stream: false, ...(model === undefined ? {} : { model }) }),
  });
  expect(response.status).toBe(200);
  return (await response.json()) as { completionId: string; message: Message };
};
const spoken = ({ parts }: Message): string => parts.map((part) => (part.type === "text" ? part.text : "")).join("");

test("C4 a driver of one's own answers, calls tools, and is billed at its price", async () => {
  const { completionId, message } = await ask("What is 2 + 3?");
  expect(spoken(message)).toBe("Let me see.It is five.");
  expect(message.parts).toContainEqual(
    expect.objectContaining({ type: "tool-add", state: "output-available", output: 5 }),
  );
  expect(asked[0]).toMatchObject({ model: "small" });
  expect(asked[0]?.tools.map(({ name }) => name)).toContain("add");
  const response = await fetch(`${url}/v1/completions/${completionId}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const completion = (await response.json()) as Completion;
  expect(completion).toMatchObject({ model: "house/small", usage: { inputTokens: 50, outputTokens: 12 } });
  expect(completion.costMicros).toBeGreaterThan(0);
});

test("C4 a model of AI SDK of one's own answers beside it", async () => {
  const { message } = await ask("one two three", "words/backwards");
  expect(spoken(message)).toBe("three two one");
});
