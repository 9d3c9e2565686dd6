export type { AdminList, AdminQuery } from "./calls/admin-calls.ts";
export type { AdminAuditEntry } from "../protocol/admin/audit.ts";
export type { AdminChunks } from "../protocol/admin/chunks.ts";
export type { AdminOverview, AdminQueue, AdminUsage } from "../protocol/admin/figures.ts";
export type { AdminServer } from "../protocol/admin/server.ts";
export type {
  AdminCompletion,
  AdminConversation,
  AdminKey,
  AdminTimeline,
  AdminToolRun,
  AdminUser,
} from "../protocol/admin/resources.ts";
export type { ArtifactSeen, DiffQuery } from "./calls/artifact-calls.ts";
export type { UploadOptions } from "./calls/attachment-calls.ts";
export type { SendOptions } from "./send-from-page.ts";
export type { Budget, BudgetPeriod, BudgetScope, BudgetStanding } from "../protocol/people/budget.ts";
export type { ExportFormat, ImportItem, ImportReport, ImportStatus } from "../protocol/transfer.ts";
export type { Account, AccountSession, Me, SignInOptions } from "../protocol/people/account.ts";
export type { ApiKey, NewApiKey } from "../protocol/people/api-key.ts";
export type { Invitation, InvitationOffer, NewInvitation } from "../protocol/people/invitation.ts";
export type { Member, Workspace } from "../protocol/people/workspace.ts";
export type { Role, Scope } from "../protocol/people/principal.ts";
export type { RunnerCapabilities } from "../protocol/agent/runner-capabilities.ts";
export type { BranchMemory, ConversationStoreOptions } from "./conversation/store-options.ts";
export type { Accepted } from "../protocol/accepted.ts";
export type { AgentDescription, AgentTool, Model } from "../protocol/agent/catalogue.ts";
export type { ConversationList } from "../protocol/conversation-list.ts";
export type { Page } from "../protocol/page.ts";
export type { UsageLine, UsagePage } from "../protocol/usage.ts";
export type { WaitingSend } from "../protocol/waiting-send.ts";
export type {
  ChangeAccountBody,
  ChangeArtifactBody,
  ChangeConversationBody,
  ChangeMemberBody,
  ChangeWaitingBody,
  ChangeWebhookBody,
  CreateConversationBody,
  CreateKeyBody,
  CreateShareBody,
  CreateWebhookBody,
  DecideBody,
  EditBody,
  InviteBody,
  RotateWebhookBody,
  SendBody,
  SetBudgetBody,
  SignUpBody,
  StartBody,
  VoteBody,
  WorkspaceChange,
} from "./calls/bodies.ts";
export type {
  ConversationQuery,
  DeliveryQuery,
  ExportQuery,
  MembersQuery,
  MessageQuery,
  PageQuery,
  SearchQuery,
  UsageQuery,
} from "./calls/queries.ts";
export { createClient, type Client } from "./client.ts";
export type { AnswerOptions, Connection, ConversationDraft, LoadState } from "./conversation/conversation-state.ts";
export { createConversationStore, type ConversationStore } from "./conversation/conversation-store.ts";
export type {
  ConversationView,
  LiveView,
  MessageState,
  MessageView,
  WaitingView,
} from "./conversation/conversation-view.ts";
export type { ServerEvent } from "./requests/event-parser.ts";
export {
  createLiveConnection,
  type LiveConnection,
  type LiveConnectionOptions,
  type LiveStatus,
} from "./live/live-connection.ts";
export { LiveMessage, type LiveEnding, type LivePhase, type LiveSnapshot } from "./live/live-message.ts";
export type { LinkListener, LiveLink, PresentUser } from "./live/live-link.ts";
export type { MessageContent } from "./conversation/message-content.ts";
export type { OutboxMemory, StoredMessage } from "./conversation/outbox-memory.ts";
export type { SchedulePaint } from "./conversation/paint-clock.ts";
export { readEvents } from "./requests/read-events.ts";
export { RequestError } from "./requests/request-error.ts";
export type { ClientOptions } from "./requests/requester.ts";
export { artifactLimits } from "../protocol/artifact-limits.ts";
export type { Chunk, Part, StartMetadata } from "../protocol/message/chunk.ts";
export type { Hint } from "../protocol/hint.ts";
export type {
  Artifact,
  ArtifactDiff,
  ArtifactDraft,
  ArtifactKind,
  ArtifactReference,
  ArtifactVersion,
  ListedArtifact,
} from "../protocol/artifact.ts";
export type { NewShare, Share, SharedConversation, SharedPart } from "../protocol/share.ts";
export { diffLines, type LineChange } from "../protocol/message/line-diff.ts";
export type { FoundConversation, FoundMessage, FoundPage, Snippet } from "../protocol/search.ts";
export type { Approval } from "../protocol/approval.ts";
export type { AlwaysAllowed, ClientCall, ClientResult } from "../protocol/question.ts";
export type { ToolExecution } from "../protocol/tool-execution.ts";
export type { Attachment, Completion, Conversation, Message, Vote } from "../protocol/resources.ts";
export type { Erasure } from "../protocol/people/erasure.ts";
export type { NewWebhook, Webhook, WebhookDelivery, WebhookEvent, WebhookEventType } from "../protocol/webhook.ts";
export { verifyWebhook, WebhookVerificationError, type WebhookRequest } from "./verify-webhook.ts";
