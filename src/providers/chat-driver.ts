import type { ModelDriver } from "../protocol/agent/model.ts";
import { createChatReader } from "./chat-completions/reader.ts";
import { requestBody, type DialectOf } from "./chat-completions/request.ts";
import { createHttpDriver } from "./exchange/http-driver.ts";
import { splitModelId } from "./catalogue/model-id.ts";

export interface ChatDriverOptions {
  /** Where a model's calls are posted. */
  readonly urlOf: (modelId: string) => URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly stallSeconds: number;
  /** Default: what most servers take. */
  readonly dialectOf?: DialectOf;
}

/** The header that carries a key as OAuth's bearer (RFC 6750); none without a key. */
export const bearer = (apiKey: string | undefined): Record<string, string> =>
  apiKey === undefined || apiKey === "" ? {} : { authorization: `Bearer ${apiKey}` };

/** A driver of Chat Completions in a provider's dialect. */
export const createChatDriver = ({ urlOf, headers, stallSeconds, dialectOf }: ChatDriverOptions): ModelDriver =>
  createHttpDriver({
    headers,
    stallSeconds,
    request(call) {
      const target = splitModelId(call.model);
      return { url: urlOf(target.modelId), body: requestBody(call, target, dialectOf) };
    },
    reader: createChatReader,
  });
