import { z } from "zod";
import { authorize } from "../../auth/authorize.ts";
import { usualStorage } from "../../conversations/files/storage.ts";
import { toAttachment } from "../../conversations/resource.ts";
import { createTurns } from "../../conversations/files/take-turns.ts";
import { upload } from "../../conversations/files/upload.ts";
import { requireStanding } from "../../people/standing.ts";
import { attachmentSchema } from "../../protocol/resources.ts";
import { bodyPieces } from "../request/body-pieces.ts";
import { answer } from "../request/call.ts";
import { defaultHttpLimits, type HttpDependencies } from "../dependencies.ts";
import { route, type Route } from "../route.ts";

/** An upload may take its time at a megabit a second or more. */
const bytesPerSecond = 131_072;
/** Whole files that are in memory at a time, to be looked at. */
const lookedAtOnce = 4;

/** Files that come before the message that names them. */
export const uploadRoutes = ({ context, limits }: HttpDependencies): Route[] => {
  const takeTurns = createTurns(lookedAtOnce);
  return [
    route({
      method: "post",
      path: "/v1/attachments",
      summary: "Store a file, for messages to name; one that none names in a day is forgotten",
      tag: "Attachments",
      query: z.strictObject({ filename: z.string().max(1_000).optional() }),
      headers: { "Content-Type": "What is in the file; must not contradict what is found there" },
      bytes: "The file itself",
      answers: { 201: { description: "The attachment", schema: attachmentSchema, headers: ["Location"] } },
      handle: async (call) => {
        authorize(call.principal, "create", "workspace");
        const { uploadBytes: maxBytes } = context.storage ?? usualStorage;
        const timeoutMs = limits?.bodyMs ?? defaultHttpLimits.bodyMs;
        const stored = await upload(context, call.principal, {
          content: bodyPieces(call, { maxBytes, timeoutMs, bytesPerSecond }, () =>
            requireStanding(context.database, call.principal),
          ),
          mediaType: call.request.headers.get("content-type") ?? undefined,
          fileName: call.query.filename,
          takeTurns,
        });
        const attachment = toAttachment(stored);
        return answer(call, 201, attachment, { location: `${call.basePath}${attachment.url}` });
      },
    }),
  ];
};
