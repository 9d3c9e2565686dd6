import { authorize } from "../../auth/authorize.ts";
import { NatterError } from "../../foundation/errors.ts";
import {
  acceptInvitation,
  invite,
  listInvitations,
  readInvitation,
  withdrawInvitation,
} from "../../people/invitations.ts";
import { idSchema } from "../../protocol/identifiers.ts";
import { invitationTokenRequestSchema, inviteRequestSchema } from "../../protocol/people/people-requests.ts";
import { answer, answerNothing } from "../request/call.ts";
import type { HttpDependencies } from "../dependencies.ts";
import { openRoute, route, type Route } from "../route.ts";
import { enterWorkspace, workspaceParams } from "./workspaces.ts";
import { listOf } from "../../protocol/page.ts";
import { invitationOfferSchema, invitationSchema, newInvitationSchema } from "../../protocol/people/invitation.ts";

const tag = "Workspaces";

const linkRoutes = ({ context }: HttpDependencies): Route[] => [
  openRoute({
    method: "post",
    path: "/v1/invitations/read",
    summary: "What an invitation offers to whoever has its link",
    tag,
    body: invitationTokenRequestSchema,
    takes: ["try"],
    answers: { 200: { description: "What it offers", schema: invitationOfferSchema } },
    handle: async (call) => answer(call, 200, await readInvitation(context.database, call.body.token)),
  }),
  route({
    method: "post",
    path: "/v1/invitations/accept",
    summary: "Come into a workspace by an invitation, which is used up",
    tag,
    body: invitationTokenRequestSchema,
    takes: ["try"],
    answers: { 200: { description: "The workspace that you are a member of now", schema: invitationOfferSchema } },
    handle: async (call) => {
      const { principal, body } = call;
      authorize(principal, "join", "workspace");
      if (principal.keyId !== undefined || principal.isPlaced === true)
        throw new NatterError(
          "forbidden",
          "Whoever vouches for you here decides the workspace; you can't join another.",
        );
      return answer(call, 200, await acceptInvitation(context, principal, body.token));
    },
  }),
];

/** Invitations by link. */
export const invitationRoutes = (dependencies: HttpDependencies): Route[] => [
  route({
    method: "get",
    path: "/v1/workspaces/{workspaceId}/invitations",
    summary: "Invitations that can still be used, newest first",
    tag,
    params: workspaceParams,
    answers: { 200: { description: "All of them, without their tokens", schema: listOf(invitationSchema) } },
    handle: async (call) => {
      const there = await enterWorkspace(dependencies, call, "administer");
      return answer(call, 200, { data: await listInvitations(dependencies.context.database, there), nextCursor: null });
    },
  }),
  route({
    method: "post",
    path: "/v1/workspaces/{workspaceId}/invitations",
    summary: "Make a link that lets one person in",
    tag,
    params: workspaceParams,
    body: inviteRequestSchema,
    isBodyOptional: true,
    answers: { 201: { description: "The invitation and its token", schema: newInvitationSchema } },
    handle: async (call) => {
      const there = await enterWorkspace(dependencies, call, "administer");
      const { role, note, expiresInHours: hours } = call.body;
      const invitation = await invite(dependencies.context.database, there, { role, note, hours });
      // after the #: it reaches no server's log, and no other site as a referrer
      return answer(call, 201, { ...invitation, path: `${call.basePath}/join#${invitation.token}` });
    },
  }),
  route({
    method: "delete",
    path: "/v1/workspaces/{workspaceId}/invitations/{invitationId}",
    summary: "Take an invitation back",
    tag,
    params: workspaceParams.extend({ invitationId: idSchema }),
    answers: { 204: { description: "Its link can't be used any more" } },
    handle: async (call) => {
      const there = await enterWorkspace(dependencies, call, "administer");
      await withdrawInvitation(dependencies.context.database, there, call.params.invitationId);
      return answerNothing(call);
    },
  }),
  ...linkRoutes(dependencies),
];
