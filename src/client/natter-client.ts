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
export type { SetBudgetBody } from "./calls/budget-calls.ts";
export type { SendOptions } from "./send-from-page.ts";
export type { ExportQuery, ImportReport, ReportQuery } from "./calls/transfer-calls.ts";
export type { Budget, BudgetPeriod, BudgetScope, BudgetStanding } from "../protocol/people/budget.ts";
export type { ExportFormat, ImportItem, ImportStatus } from "../protocol/transfer.ts";
export type {
  Account,
  AccountSession,
  ChangeAccountBody,
  InvitationOffer,
  SignInOptions,
  SignUpBody,
} from "./calls/account-calls.ts";
export type { ApiKey, CreateKeyBody, NewApiKey } from "./calls/key-calls.ts";
export type {
  Invitation,
  InviteBody,
  Member,
  MembersQuery,
  NewInvitation,
  Workspace,
  WorkspaceChange,
} from "./calls/people-calls.ts";
export type { Role, Scope } from "../protocol/people/principal.ts";
export type { RunnerCapabilities } from "../protocol/agent/runner-capabilities.ts";
export type { BranchMemory, ConversationStoreOptions } from "./conversation/store-options.ts";
export type {
  Accepted,
  AgentDescription,
  AgentTool,
  ChangeConversationBody,
  CreateConversationBody,
  DecideBody,
  EditBody,
  Me,
  Model,
  Page,
  SendBody,
  StartBody,
  UsageLine,
  UsagePage,
  WaitingSend,
} from "./calls/bodies.ts";
export { createClient, type Client, type UsageQuery } from "./client.ts";
export type { ConversationQuery, MessageQuery } from "./calls/conversation-calls.ts";
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
export type { FoundConversation, FoundMessage, Snippet } from "../protocol/search.ts";
export type { FoundPage, SearchQuery } from "./calls/search-calls.ts";
export type { Approval } from "../protocol/approval.ts";
export type { ClientCall, ClientResult } from "../protocol/question.ts";
export type { ToolExecution } from "../protocol/tool-execution.ts";
export type { Attachment, Completion, Conversation, Message, Vote } from "../protocol/resources.ts";
export type { Erasure } from "../protocol/people/erasure.ts";
export type { NewWebhook, Webhook, WebhookDelivery, WebhookEvent, WebhookEventType } from "../protocol/webhook.ts";
export { verifyWebhook, WebhookVerificationError, type WebhookRequest } from "./verify-webhook.ts";
export type { ChangeWebhookBody, CreateWebhookBody, DeliveryQuery } from "./calls/webhook-calls.ts";
