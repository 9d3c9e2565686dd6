import type { ArtifactDraft } from "../../protocol/artifact.ts";
import type {
  changeAccountRequestSchema,
  changeMemberRequestSchema,
  changeWorkspaceRequestSchema,
  createKeyRequestSchema,
  inviteRequestSchema,
  signUpRequestSchema,
} from "../../protocol/people/people-requests.ts";
import type { setBudgetRequestSchema } from "../../protocol/people/budget.ts";
import type {
  changeConversationRequestSchema,
  changeWaitingRequestSchema,
  createConversationRequestSchema,
  editRequestSchema,
  sendRequestSchema,
  startRequestSchema,
  voteRequestSchema,
} from "../../protocol/requests.ts";
import type { decideRequestSchema } from "../../protocol/question.ts";
import type { createShareRequestSchema } from "../../protocol/share.ts";
import type {
  changeWebhookRequestSchema,
  createWebhookRequestSchema,
  rotateWebhookRequestSchema,
} from "../../protocol/webhook.ts";

/** What a schema takes, as a caller may hold it: lists need not be its own. */
type Input<Schema extends { readonly _zod: { readonly input: unknown } }> = Given<Schema["_zod"]["input"]>;
type Given<Body> = { readonly [Name in keyof Body]: Listed<Body[Name]> };
type Listed<Value> = Value extends (infer Item)[] ? readonly Item[] : Value;

export type SendBody = Input<typeof sendRequestSchema>;
export type EditBody = Input<typeof editRequestSchema>;
export type StartBody = Input<typeof startRequestSchema>;
export type CreateConversationBody = Input<typeof createConversationRequestSchema>;
export type ChangeConversationBody = Input<typeof changeConversationRequestSchema>;
export type VoteBody = Input<typeof voteRequestSchema>;
export type DecideBody = Input<typeof decideRequestSchema>;
export type ChangeWaitingBody = Input<typeof changeWaitingRequestSchema>;
export type CreateShareBody = Input<typeof createShareRequestSchema>;
export type ChangeArtifactBody = Partial<Pick<ArtifactDraft, "title" | "content">>;
export type SignUpBody = Input<typeof signUpRequestSchema>;
export type ChangeAccountBody = Input<typeof changeAccountRequestSchema>;
export type CreateKeyBody = Input<typeof createKeyRequestSchema>;
export type WorkspaceChange = Input<typeof changeWorkspaceRequestSchema>;
export type ChangeMemberBody = Input<typeof changeMemberRequestSchema>;
export type InviteBody = Input<typeof inviteRequestSchema>;
export type SetBudgetBody = Input<typeof setBudgetRequestSchema>;
export type CreateWebhookBody = Input<typeof createWebhookRequestSchema>;
export type ChangeWebhookBody = Input<typeof changeWebhookRequestSchema>;
export type RotateWebhookBody = Input<typeof rotateWebhookRequestSchema>;
