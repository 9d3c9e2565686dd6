import type { HttpDependencies } from "../dependencies.ts";
import type { Route } from "../route.ts";
import { accountSessionRoutes } from "./accounts.ts";
import { auditRoutes } from "./audit.ts";
import { invitationRoutes } from "./invitations.ts";
import { memberRoutes } from "./members.ts";
import { tokenRoutes } from "./tokens.ts";
import { workspaceRoutes } from "./workspaces.ts";

/** Everything about who is who, and in which workspace. */
export const peopleRoutes = (dependencies: HttpDependencies): Route[] => [
  ...workspaceRoutes(dependencies),
  ...memberRoutes(dependencies),
  ...invitationRoutes(dependencies),
  ...tokenRoutes(dependencies),
  ...auditRoutes(dependencies),
  ...accountSessionRoutes(dependencies),
];
