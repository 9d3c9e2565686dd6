import { aiSdkRequestSchema, type AiSdkRequest } from "../../protocol/ai-sdk-request.ts";
import { SentenceError } from "./sentence-error.ts";

/** Whether a body of `POST /v1/chat` is AI SDK's. */
export const isAiSdkBody = (json: unknown): boolean =>
  typeof json === "object" && json !== null && !Array.isArray(json) && Object.hasOwn(json, "messages");

/** @throws SentenceError `unprocessable` that tells the first mistake */
export const parseAiSdkBody = (json: unknown): AiSdkRequest => {
  const parsed = aiSdkRequestSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue === undefined || issue.path.length === 0 ? "the body" : issue.path.join(".");
  throw new SentenceError("unprocessable", `This cannot be sent: ${place} ${issue?.message ?? "is not valid"}.`);
};
