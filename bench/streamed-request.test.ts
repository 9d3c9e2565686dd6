import { once } from "node:events";
import { Agent, createServer, type RequestListener } from "node:http";
import { expect, test } from "vitest";
import { planAnswer } from "./answer-plan.ts";
import { streamAnswer } from "./answer-stream.ts";
import { requestStream, type StreamedAnswer } from "./streamed-request.ts";

const ask = async (answer: RequestListener, tokens: number): Promise<StreamedAnswer> => {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  const agent = new Agent();
  try {
    return await requestStream({ url: new URL(`http://127.0.0.1:${port}/`), headers: {}, body: "{}", agent, tokens });
  } finally {
    agent.destroy();
    server.close();
  }
};

const provider =
  (model: string): RequestListener =>
  (_request, response) =>
    streamAnswer(response, planAnswer(model), () => {});

test.each(["mock-n300-d0", "mock-n300-d0-k7-b16", "mock-n30-d2-f10", "mock-n5-d0-f20"])(
  "an answer of the mock provider arrives whole: %s",
  async (model) => {
    const tokens = Number(/-n(\d+)/.exec(model)?.[1]);
    expect(await ask(provider(model), tokens)).toMatchObject({ tokens, lost: 0, duplicated: 0, error: undefined });
  },
);

test("the first token comes no earlier than the model's name asks", async () => {
  const { firstToken } = await ask(provider("mock-n3-d5-f60"), 3);
  expect(firstToken).toBeGreaterThanOrEqual(55);
});

test("lost and doubled tokens are counted", async () => {
  const answer = await ask((_request, response) => response.end("@0;@1;@1;@3;"), 5);
  expect(answer).toMatchObject({ tokens: 3, lost: 2, duplicated: 1, error: undefined });
});

test("a refusal, an empty answer and a cut connection are errors", async () => {
  const refused = await ask((_request, response) => response.writeHead(429).end("@0; slow down"), 1);
  expect(refused.error).toContain("429");
  expect((await ask((_request, response) => response.end("nothing"), 1)).error).toContain("200");
  const cut = await ask((_request, response) => void response.write("@0;", () => response.destroy()), 2);
  expect(cut.error).toBeDefined();
});

test("the conversation that a server tells is kept for later sends", async () => {
  const start = 'data: {"type":"start","messageMetadata":{"conversationId":"0199-abc"}}\n\n@0;';
  expect((await ask((_request, response) => response.end(start), 1)).conversationId).toBe("0199-abc");
});
