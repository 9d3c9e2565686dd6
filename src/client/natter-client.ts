export type { AdminList, AdminQuery } from "./admin-calls.ts";
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
export type { ArtifactSeen, DiffQuery } from "./artifact-calls.ts";
export type { UploadOptions } from "./attachment-calls.ts";
export type { SetBudgetBody } from "./budget-calls.ts";
export type { SendOptions } from "./send-from-page.ts";
export type { ExportQuery, ImportReport, ReportQuery } from "./transfer-calls.ts";
export type { Budget, BudgetPeriod, BudgetScope, BudgetStanding } from "../protocol/budget.ts";
export type { ExportFormat, ImportItem, ImportStatus } from "../protocol/transfer.ts";
export type {
  Account,
  AccountSession,
  ChangeAccountBody,
  InvitationOffer,
  SignInOptions,
  SignUpBody,
} from "./account-calls.ts";
export type { ApiKey, CreateKeyBody, NewApiKey } from "./key-calls.ts";
export type {
  Invitation,
  InviteBody,
  Member,
  MembersQuery,
  NewInvitation,
  Workspace,
  WorkspaceChange,
} from "./people-calls.ts";
export type { Role, Scope } from "../protocol/principal.ts";
export type { RunnerCapabilities } from "../protocol/runner-capabilities.ts";
export type { BranchMemory, ConversationStoreOptions } from "./store-options.ts";
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
} from "./bodies.ts";
export { createClient, type Client, type UsageQuery } from "./client.ts";
export type { ConversationQuery, MessageQuery } from "./conversation-calls.ts";
export type { AnswerOptions, Connection, ConversationDraft, LoadState } from "./conversation-state.ts";
export { createConversationStore, type ConversationStore } from "./conversation-store.ts";
export type { ConversationView, LiveView, MessageState, MessageView, WaitingView } from "./conversation-view.ts";
export type { ServerEvent } from "./event-parser.ts";
export {
  createLiveConnection,
  type LiveConnection,
  type LiveConnectionOptions,
  type LiveStatus,
} from "./live-connection.ts";
export { LiveMessage, type LiveEnding, type LivePhase, type LiveSnapshot } from "./live-message.ts";
export type { LinkListener, LiveLink, PresentUser } from "./live-link.ts";
export type { MessageContent } from "./message-content.ts";
export type { OutboxMemory, StoredMessage } from "./outbox-memory.ts";
export type { SchedulePaint } from "./paint-clock.ts";
export { readEvents } from "./read-events.ts";
export { RequestError } from "./request-error.ts";
export type { ClientOptions } from "./requester.ts";
export { artifactLimits } from "../protocol/artifact-limits.ts";
export type { Chunk, Part, StartMetadata } from "../protocol/chunk.ts";
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
export { diffLines, type LineChange } from "../protocol/line-diff.ts";
export type { FoundConversation, FoundMessage, Snippet } from "../protocol/search.ts";
export type { FoundPage, SearchQuery } from "./search-calls.ts";
export type { Approval } from "../protocol/approval.ts";
export type { ClientCall, ClientResult } from "../protocol/question.ts";
export type { ToolExecution } from "../protocol/tool-execution.ts";
export type { Attachment, Completion, Conversation, Message, Vote } from "../protocol/resources.ts";
export type { Erasure } from "../protocol/erasure.ts";
export type { NewWebhook, Webhook, WebhookDelivery, WebhookEvent, WebhookEventType } from "../protocol/webhook.ts";
export { verifyWebhook, WebhookVerificationError, type WebhookRequest } from "./verify-webhook.ts";
export type { ChangeWebhookBody, CreateWebhookBody, DeliveryQuery } from "./webhook-calls.ts";
