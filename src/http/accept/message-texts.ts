import { z } from "zod";

const partsSchema = z.array(z.looseObject({ type: z.string() }));
const nativeSchema = z.looseObject({ message: z.looseObject({ parts: partsSchema }) });
const aiSdkSchema = z.looseObject({ messages: z.looseObject({ last: z.looseObject({ parts: partsSchema }) }) });

type Parts = z.infer<typeof partsSchema>;

const textsIn = (parts: Parts): string[] =>
  parts.flatMap(({ type, text }) => (type === "text" && typeof text === "string" ? [text] : []));

const withTextsIn = (parts: Parts, texts: readonly string[]): Parts => {
  const left = [...texts];
  return parts.map((part) =>
    part.type === "text" && typeof part.text === "string" ? { ...part, text: left.shift() ?? part.text } : part,
  );
};

/** What a checked body says that a person wrote: the text of each text part, in order. */
export const textsOf = (body: unknown): string[] => {
  const native = nativeSchema.safeParse(body);
  if (native.success) return textsIn(native.data.message.parts);
  const aiSdk = aiSdkSchema.safeParse(body);
  return aiSdk.success ? textsIn(aiSdk.data.messages.last.parts) : [];
};

/** The same body with other texts. */
export const withTexts = (body: unknown, texts: readonly string[]): unknown => {
  const native = nativeSchema.safeParse(body);
  if (native.success) {
    const { message } = native.data;
    return { ...native.data, message: { ...message, parts: withTextsIn(message.parts, texts) } };
  }
  const aiSdk = aiSdkSchema.safeParse(body);
  if (!aiSdk.success) return body;
  const { messages } = aiSdk.data;
  const last = { ...messages.last, parts: withTextsIn(messages.last.parts, texts) };
  return { ...aiSdk.data, messages: { ...messages, last } };
};

/** Whether a checked body brings a message to be stored. */
export const bringsMessage = (body: unknown): boolean =>
  nativeSchema.safeParse(body).success || aiSdkSchema.safeParse(body).success;
