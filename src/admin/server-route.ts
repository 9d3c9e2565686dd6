import { authorize } from "../auth/authorize.ts";
import type { HttpDependencies } from "../http/dependencies.ts";
import { answer } from "../http/request/call.ts";
import { route, type Route } from "../http/route.ts";
import { adminServerSchema } from "../protocol/admin/server.ts";
import { NatterError } from "../foundation/errors.ts";

/** The server itself, for owners and admins; what concerns all workspaces only for whoever operates it. */
export const serverRoute = ({ server }: HttpDependencies): Route =>
  route({
    method: "get",
    path: "/v1/admin/server",
    summary: "What the server is, runs on and is set to, and how each part is; no secrets",
    tag: "Administration",
    answers: { 200: { description: "As this node sees it now", schema: adminServerSchema } },
    handle: async (call) => {
      authorize(call.principal, "administer", "workspace");
      if (server === undefined) throw new NatterError("not_found", "This server tells nothing of itself.");
      return answer(call, 200, await server(call.principal));
    },
  });
