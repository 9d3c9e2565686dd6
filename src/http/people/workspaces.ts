import { z } from "zod";
import { authorize, type WorkspaceAction } from "../../auth/authorize.ts";
import { principalIn } from "../../auth/other-principals.ts";
import { NatterError } from "../../foundation/errors.ts";
import { changeWorkspace, createWorkspace, getWorkspace, listWorkspaces } from "../../people/workspaces.ts";
import {
  changeWorkspaceRequestSchema,
  createWorkspaceRequestSchema,
  workspaceIdSchema,
} from "../../protocol/people/people-requests.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import { answer, type Call } from "../request/call.ts";
import type { HttpDependencies } from "../dependencies.ts";
import { route, type Route } from "../route.ts";
import { listOf } from "../../protocol/page.ts";
import { workspaceSchema } from "../../protocol/people/workspace.ts";

const tag = "Workspaces";

export const workspaceParams = z.object({ workspaceId: workspaceIdSchema });

/** The caller in the workspace that the path names, if they may do that there. @throws NatterError */
export const enterWorkspace = async (
  { context: { database } }: HttpDependencies,
  { principal, params }: Call<{ readonly workspaceId: string }, unknown, unknown>,
  action: WorkspaceAction,
): Promise<Principal> => {
  const there = await principalIn(database, principal, params.workspaceId);
  authorize(there, action, "workspace");
  return there;
};

type Change = z.output<typeof changeWorkspaceRequestSchema>;

/** Model ids as the catalogue writes them. @throws NatterError `model_not_available`, `unprocessable` */
const checked = ({ context: { agents, models } }: HttpDependencies, change: Change): Change => {
  const modelOf = (id: string): string => {
    const model = models.resolve(id);
    if (model === undefined) throw new NatterError("model_not_available", `There is no model "${id}" here.`);
    return model;
  };
  const { defaultAgent, defaultModel, allowedModels } = change;
  if (typeof defaultAgent === "string" && agents.get(defaultAgent) === undefined)
    throw new NatterError("unprocessable", `There is no agent "${defaultAgent}" here.`);
  return {
    ...change,
    ...(typeof defaultModel === "string" ? { defaultModel: modelOf(defaultModel) } : {}),
    ...(allowedModels === undefined || allowedModels === null ? {} : { allowedModels: allowedModels.map(modelOf) }),
  };
};

const collectionRoutes = ({ context: { database } }: HttpDependencies): Route[] => [
  route({
    method: "get",
    path: "/v1/workspaces",
    summary: "The workspaces that you are a member of",
    tag,
    answers: { 200: { description: "All of them, oldest membership first", schema: listOf(workspaceSchema) } },
    handle: async (call) => {
      const { principal } = call;
      authorize(principal, "account", "workspace");
      const isBound = principal.keyId !== undefined || principal.isPlaced === true;
      const data = isBound
        ? [await getWorkspace(database, principal)]
        : await listWorkspaces(database, principal.userId);
      return answer(call, 200, { data, nextCursor: null });
    },
  }),
  route({
    method: "post",
    path: "/v1/workspaces",
    summary: "Make a workspace that you own",
    tag,
    body: createWorkspaceRequestSchema,
    answers: { 201: { description: "The workspace", schema: workspaceSchema } },
    handle: async (call) => {
      const { principal, body } = call;
      authorize(principal, "create", "workspace");
      if (principal.keyId !== undefined || principal.isPlaced === true)
        throw new NatterError(
          "forbidden",
          "Whoever vouches for you here decides the workspace; you can't make another.",
        );
      return answer(call, 201, await createWorkspace(database, principal, body.name));
    },
  }),
];

/** Workspaces, and what they decide for their members. */
export const workspaceRoutes = (dependencies: HttpDependencies): Route[] => [
  ...collectionRoutes(dependencies),
  route({
    method: "get",
    path: "/v1/workspaces/{workspaceId}",
    summary: "A workspace of yours",
    tag,
    params: workspaceParams,
    answers: { 200: { description: "The workspace", schema: workspaceSchema } },
    handle: async (call) => {
      const there = await enterWorkspace(dependencies, call, "account");
      return answer(call, 200, await getWorkspace(dependencies.context.database, there));
    },
  }),
  route({
    method: "patch",
    path: "/v1/workspaces/{workspaceId}",
    summary: "Rename it, or change what it decides for its members",
    tag,
    params: workspaceParams,
    body: changeWorkspaceRequestSchema,
    answers: { 200: { description: "The workspace; on every node within five seconds", schema: workspaceSchema } },
    handle: async (call) => {
      const there = await enterWorkspace(dependencies, call, "administer");
      const change = checked(dependencies, call.body);
      return answer(call, 200, await changeWorkspace(dependencies.context, there, change));
    },
  }),
];
