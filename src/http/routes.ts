import { adminRoutes } from "../admin/routes.ts";
import { erasingRoutes } from "../transfer/erasing/routes.ts";
import { transferRoutes } from "../transfer/routes.ts";
import { webhookRoutes } from "../transfer/webhooks/routes.ts";
import { accountRoutes } from "./account.ts";
import { apiKeyRoutes } from "./api-keys.ts";
import { artifactFrameRoutes } from "./files/artifact-frame.ts";
import { artifactRoutes } from "./files/artifacts.ts";
import { attachmentRoutes } from "./files/attachments.ts";
import { appRoutes } from "./server/app-routes.ts";
import { catalogueRoutes } from "./completions/catalogue.ts";
import { chatRoutes } from "./completions/chat.ts";
import { completionRoutes } from "./completions/completions.ts";
import { conversationRoutes } from "./conversations/conversations.ts";
import { documentRoutes } from "./openapi/documents.ts";
import { healthRoutes } from "./health.ts";
import { hintRoutes, type HintDependencies } from "./live/hint-routes.ts";
import { mapRoutes } from "./conversations/map.ts";
import { messageRoutes } from "./conversations/messages.ts";
import { peopleRoutes } from "./people/people-routes.ts";
import { questionRoutes } from "./questions/questions.ts";
import type { Route } from "./route.ts";
import { searchRoutes } from "./search/search.ts";
import { seenRoutes } from "./search/seen.ts";
import { sessionRoutes } from "./request/session.ts";
import { copyRoutes } from "./shares/copies.ts";
import { sharedRoutes } from "./shares/shared.ts";
import { shareRoutes } from "./shares/shares.ts";
import { toolExecutionRoutes } from "./tool-executions/tool-executions.ts";
import { toolRoutes } from "./completions/tools.ts";
import { budgetRoutes } from "./usage/budgets.ts";
import { uploadRoutes } from "./files/uploads.ts";
import { usageRoutes } from "./usage/usage.ts";
import { userRoutes } from "./users.ts";
import { voteRoutes } from "./conversations/votes.ts";
import { waitingSendRoutes } from "./conversations/waiting-sends.ts";

/** Every route of the app, by noun. */
export const routesOf = (dependencies: HintDependencies, isDraining: () => boolean): Route[] => {
  const routes = [
    ...chatRoutes(dependencies),
    ...conversationRoutes(dependencies),
    ...searchRoutes(dependencies),
    ...seenRoutes(dependencies),
    ...messageRoutes(dependencies),
    ...mapRoutes(dependencies),
    ...attachmentRoutes(dependencies),
    ...uploadRoutes(dependencies),
    ...artifactRoutes(dependencies),
    ...artifactFrameRoutes(),
    ...shareRoutes(dependencies),
    ...copyRoutes(dependencies),
    ...sharedRoutes(dependencies),
    ...voteRoutes(dependencies),
    ...userRoutes(dependencies),
    ...waitingSendRoutes(dependencies),
    ...completionRoutes(dependencies),
    ...toolExecutionRoutes(dependencies),
    ...questionRoutes(dependencies),
    ...catalogueRoutes(dependencies),
    ...toolRoutes(dependencies),
    ...accountRoutes(dependencies),
    ...usageRoutes(dependencies),
    ...budgetRoutes(dependencies),
    ...apiKeyRoutes(dependencies),
    ...peopleRoutes(dependencies),
    ...adminRoutes(dependencies),
    ...transferRoutes(dependencies),
    ...webhookRoutes(dependencies),
    ...erasingRoutes(dependencies),
    ...hintRoutes(dependencies),
    ...healthRoutes(dependencies, isDraining),
    ...sessionRoutes(dependencies),
  ];
  return [...routes, ...documentRoutes(dependencies, routes), ...appRoutes(dependencies.appDirectory)];
};
