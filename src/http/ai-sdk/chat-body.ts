import { z } from "zod";
import { aiSdkRequestSchema } from "../../protocol/ai-sdk-request.ts";
import { sendRequestSchema } from "../../protocol/requests.ts";
import { parseBody } from "../request/parse-call.ts";
import { isAiSdkBody, parseAiSdkBody } from "./parse-ai-sdk-body.ts";

/** A body of `POST /v1/chat`: a native one, or AI SDK's. */
export const chatBodySchema = z.union([sendRequestSchema, aiSdkRequestSchema]);

export type ChatBody = z.infer<typeof chatBodySchema>;

/** @throws NatterError `unprocessable`, as a sentence for AI SDK's */
export const parseChatBody = (json: unknown): ChatBody =>
  isAiSdkBody(json) ? parseAiSdkBody(json) : parseBody(sendRequestSchema, json);
