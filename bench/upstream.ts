import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import { type AnswerPlan, parseShape, planAnswer, tokenText, usageOf } from "./answer-plan.ts";
import { streamAnswer } from "./answer-stream.ts";

const stats = { streams: 0, tokens: 0, active: 0, aborted: 0 };
const plans = new Map<string, AnswerPlan>();

const planOf = (model: string): AnswerPlan => {
  const plan = plans.get(model) ?? planAnswer(model);
  plans.set(model, plan);
  return plan;
};

const stream = (response: ServerResponse, plan: AnswerPlan): void => {
  stats.streams += 1;
  stats.active += 1;
  streamAnswer(response, plan, (whole) => {
    stats.active -= 1;
    if (whole) stats.tokens += plan.shape.tokens;
    else stats.aborted += 1;
  });
};

const answerWhole = (response: ServerResponse, model: string): void => {
  const shape = parseShape(model);
  const message = { role: "assistant", content: tokenText(0, shape.tokens) };
  const choices = [{ index: 0, message, finish_reason: "stop" }];
  const common = { id: "chatcmpl-1", object: "chat.completion", created: 1_700_000_000, model };
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify({ ...common, choices, usage: usageOf(shape) }));
};

const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  if (request.method === "GET") {
    const models = { data: [{ id: "mock", object: "model" }] };
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(request.url?.startsWith("/stats") ? stats : models));
    return;
  }
  const body: unknown = await json(request);
  const fields = typeof body === "object" && body !== null ? body : {};
  const model = "model" in fields ? String(fields.model) : "";
  if ("stream" in fields && fields.stream === true) stream(response, planOf(model));
  else answerWhole(response, model);
};

const server = createServer((request, response) => {
  answer(request, response).catch((error: unknown) => {
    console.error(error);
    response.destroy();
  });
});
server.keepAliveTimeout = 60_000;
server.listen(Number(process.env["PORT"] ?? 9_100), "127.0.0.1", 8_192);
process.once("SIGTERM", () => process.exit(0));
