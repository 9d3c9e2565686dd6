import { NatterError } from "../../foundation/errors.ts";
import { isAiSdkBody } from "../ai-sdk/parse-ai-sdk-body.ts";
import { asSentenceError } from "../ai-sdk/sentence-error.ts";
import type { ToldHeaders } from "../admission/admission.ts";
import type { Call } from "../request/call.ts";
import type { HttpDependencies } from "../dependencies.ts";
import type { Route } from "../route.ts";
import { bringsMessage, textsOf, withTexts } from "./message-texts.ts";
import { runAccept, type Accepting } from "./run-accept.ts";

type GuardedRoute = Extract<Route, { isOpen: false }>;

const handleThrough = async (
  accepting: Accepting,
  route: GuardedRoute,
  call: Call<unknown, unknown, unknown>,
  told: ToldHeaders,
): Promise<Response> => {
  const texts = textsOf(call.body);
  const { principal, requestId } = call;
  const request = {
    principal,
    requestId,
    route: `${route.method.toUpperCase()} ${route.path}`,
    texts,
    tell: (headers: Readonly<Record<string, string>>) => told.tell(headers),
  };
  return runAccept(accepting, request, (changed) =>
    Promise.resolve(route.handle(changed === texts ? call : { ...call, body: withTexts(call.body, changed) })),
  );
};

/**
 * A route's handler within the middleware, for what brings a message or asks for an answer. It throws what a layer
 * throws; as a sentence to clients of AI SDK.
 */
export const throughAccept =
  ({ accept: layers, logger }: Pick<HttpDependencies, "accept" | "logger">, route: GuardedRoute, told: ToldHeaders) =>
  async (call: Call<unknown, unknown, unknown>): Promise<Response> => {
    const isAsking = layers !== undefined && (route.takes?.includes("send") === true || bringsMessage(call.body));
    if (!isAsking) return route.handle(call);
    try {
      return await handleThrough({ layers, logger }, route, call, told);
    } catch (thrown) {
      throw thrown instanceof NatterError && isAiSdkBody(call.json) ? asSentenceError(thrown) : thrown;
    }
  };
