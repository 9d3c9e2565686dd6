import { currentRequest } from "../../foundation/request-scope.ts";
import type { AiSdkRequest } from "../../protocol/ai-sdk-request.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import { parseAiSdkBody } from "../ai-sdk/parse-ai-sdk-body.ts";
import { asSentenceError } from "../ai-sdk/sentence-error.ts";
import type { HttpDependencies } from "../dependencies.ts";
import { textsOf } from "./message-texts.ts";
import { runAccept } from "./run-accept.ts";

const withTexts = (request: AiSdkRequest, texts: readonly string[]): AiSdkRequest => {
  const { last } = request.messages;
  if (last.role === "assistant") return request;
  const left = [...texts];
  const parts = last.parts.map((part) => (part.type === "text" ? { ...part, text: left.shift() ?? part.text } : part));
  return { ...request, messages: { ...request.messages, last: { ...last, parts } } };
};

/**
 * Takes the JSON of an AI SDK chat transport that came as a frame of a web socket, within the middleware.
 * @throws SentenceError before anything is stored, or not at all
 */
export const acceptFrame = async <Result>(
  { accept: layers, logger }: Pick<HttpDependencies, "accept" | "logger">,
  principal: Principal,
  json: unknown,
  take: (request: AiSdkRequest) => Promise<Result>,
): Promise<Result> => {
  try {
    const body = parseAiSdkBody(json);
    if (layers === undefined) return await take(body);
    const texts = textsOf(body);
    const requestId = currentRequest()?.requestId ?? "";
    const request = { principal, requestId, route: "GET /v1/ws", texts, tell: () => {} };
    return await runAccept({ layers, logger }, request, (changed) =>
      take(changed === texts ? body : withTexts(body, changed)),
    );
  } catch (thrown) {
    throw asSentenceError(thrown);
  }
};
