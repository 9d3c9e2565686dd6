import { z } from "zod";
import { permitOf } from "../../auth/authorize.ts";
import {
  readArtifact,
  readArtifactDiff,
  readArtifacts,
  readArtifactVersions,
} from "../../conversations/artifacts/read.ts";
import { changeArtifact, createArtifact, removeArtifact } from "../../conversations/artifacts/write.ts";
import {
  artifactContentSchema,
  artifactDiffSchema,
  artifactDraftSchema,
  artifactSchema,
  artifactTitleSchema,
  artifactVersionSchema,
  listedArtifactSchema,
  type Artifact,
} from "../../protocol/artifact.ts";
import { idSchema } from "../../protocol/identifiers.ts";
import { answer, answerNothing } from "../request/call.ts";
import type { HttpDependencies } from "../dependencies.ts";
import { readIfMatch } from "../request/etag.ts";
import { route, type Route } from "../route.ts";
import { conversationParams } from "../openapi/schemas.ts";
import { listOf } from "../../protocol/page.ts";

const tag = "Artifacts";
const params = z.object({ artifactId: idSchema });
const versionSchema = z
  .string()
  .regex(/^[1-9]\d{0,8}$/)
  .transform(Number);
const versionParams = z.object({ artifactId: idSchema, version: versionSchema });
const diffQuerySchema = z.strictObject({ from: versionSchema.optional(), to: versionSchema.optional() });
const one = { description: "The artifact", schema: artifactSchema, headers: ["ETag"] };
const headers = { "If-Match": "ETag of the artifact as it was last read; 412 when there is a newer version" };

const changeSchema = z
  .strictObject({ title: artifactTitleSchema.optional(), content: artifactContentSchema.optional() })
  .refine(({ title, content }) => (title ?? content) !== undefined, "must change something")
  .meta({ id: "ChangeArtifactRequest" });
const restoreSchema = z.strictObject({ version: z.int().min(1) }).meta({ id: "RestoreArtifactRequest" });

/** The ETag of an artifact: its version. */
const versionTag = ({ version }: Artifact): Record<string, string> => ({ etag: `"${version}"` });

const ofConversation = ({ context }: HttpDependencies): Route[] => [
  route({
    method: "get",
    path: "/v1/conversations/{conversationId}/artifacts",
    summary: "The artifacts of a conversation, the last changed first",
    tag,
    params: conversationParams,
    answers: { 200: { description: "All of them", schema: listOf(listedArtifactSchema) } },
    handle: async (call) => {
      const { conversationId } = call.params;
      const permit = permitOf(call.principal, "read");
      const data = await readArtifacts(context.database, call.principal, conversationId, permit);
      return answer(call, 200, { data, nextCursor: null });
    },
  }),
  route({
    method: "post",
    path: "/v1/conversations/{conversationId}/artifacts",
    summary: "Put a document beside a conversation",
    tag,
    params: conversationParams,
    body: artifactDraftSchema.meta({ id: "CreateArtifactRequest" }),
    answers: { 201: { ...one, headers: ["ETag", "Location"] } },
    handle: async (call) => {
      const input = { ...call.params, draft: call.body };
      const artifact = await createArtifact(context, call.principal, input, permitOf(call.principal, "send"));
      const location = `${call.basePath}/v1/artifacts/${artifact.id}`;
      return answer(call, 201, artifact, { ...versionTag(artifact), location });
    },
  }),
];

const reading = ({ context: { database } }: HttpDependencies): Route[] => [
  route({
    method: "get",
    path: "/v1/artifacts/{artifactId}",
    summary: "The newest version of an artifact",
    tag,
    params,
    answers: { 200: one },
    handle: async (call) => {
      const artifact = await readArtifact(database, call.principal, call.params, permitOf(call.principal, "read"));
      return answer(call, 200, artifact, versionTag(artifact));
    },
  }),
  route({
    method: "get",
    path: "/v1/artifacts/{artifactId}/versions",
    summary: "The versions of an artifact, the newest first",
    tag,
    params,
    answers: { 200: { description: "All of them", schema: listOf(artifactVersionSchema) } },
    handle: async (call) => {
      const permit = permitOf(call.principal, "read");
      const data = await readArtifactVersions(database, call.principal, call.params.artifactId, permit);
      return answer(call, 200, { data, nextCursor: null });
    },
  }),
  route({
    method: "get",
    path: "/v1/artifacts/{artifactId}/versions/{version}",
    summary: "One version of an artifact",
    tag,
    params: versionParams,
    answers: { 200: one },
    handle: async (call) => {
      const artifact = await readArtifact(database, call.principal, call.params, permitOf(call.principal, "read"));
      return answer(call, 200, artifact, versionTag(artifact));
    },
  }),
];

const comparing = ({ context: { database } }: HttpDependencies): Route[] => [
  route({
    method: "get",
    path: "/v1/artifacts/{artifactId}/diff",
    summary: "What differs between two versions of an artifact: what the newest has changed, unless others are named",
    tag,
    params,
    query: diffQuerySchema,
    answers: { 200: { description: "The lines that differ, and some around them", schema: artifactDiffSchema } },
    handle: async (call) => {
      const asked = { ...call.params, ...call.query };
      const permit = permitOf(call.principal, "read");
      return answer(call, 200, await readArtifactDiff(database, call.principal, asked, permit));
    },
  }),
];

const writing = ({ context }: HttpDependencies): Route[] => [
  route({
    method: "patch",
    path: "/v1/artifacts/{artifactId}",
    summary: "Write a new version of an artifact",
    tag,
    params,
    body: changeSchema,
    headers,
    answers: { 200: one },
    handle: async (call) => {
      const input = { ...call.params, ifMatch: readIfMatch(call.request.headers), change: call.body };
      const artifact = await changeArtifact(context, call.principal, input, permitOf(call.principal, "send"));
      return answer(call, 200, artifact, versionTag(artifact));
    },
  }),
  route({
    method: "post",
    path: "/v1/artifacts/{artifactId}/restore",
    summary: "Make an earlier version the newest again, as a version of its own",
    tag,
    params,
    body: restoreSchema,
    headers,
    answers: { 200: one },
    handle: async (call) => {
      const change = { restore: call.body.version };
      const input = { ...call.params, ifMatch: readIfMatch(call.request.headers), change };
      const artifact = await changeArtifact(context, call.principal, input, permitOf(call.principal, "send"));
      return answer(call, 200, artifact, versionTag(artifact));
    },
  }),
  route({
    method: "delete",
    path: "/v1/artifacts/{artifactId}",
    summary: "Delete an artifact with all its versions",
    tag,
    params,
    answers: { 204: { description: "It is gone" } },
    handle: async (call) => {
      await removeArtifact(context, call.principal, call.params.artifactId, permitOf(call.principal, "remove"));
      return answerNothing(call);
    },
  }),
];

/** Documents beside conversations. */
export const artifactRoutes = (dependencies: HttpDependencies): Route[] => [
  ...ofConversation(dependencies),
  ...reading(dependencies),
  ...comparing(dependencies),
  ...writing(dependencies),
];
