import {
  listExportedArtifacts,
  listExportedMessages,
  listExportedNodes,
  listExportedVersions,
  type ExportedArtifactRow,
  type ExportedConversationRow,
  type ExportedMessageRow,
} from "../../store/transfer/export-rows.ts";
import { planBranches, type BranchPlan, type OtherBranch } from "./branch-plan.ts";
import { placeOf, type ExportSource } from "./export-source.ts";
import { fenced, linkTo, partMarkdown, plainLine, type PartLinks } from "./part-markdown.ts";

/** Where files and artifacts are found beside the text; an artifact without a link is written out at the end. */
export interface MarkdownLinks {
  readonly fileLink: (attachmentId: string) => string | null;
  readonly artifactLink: (artifact: ExportedArtifactRow) => string | null;
}

const messagesAtOnce = 20;
const roles = { user: "You", assistant: "Assistant", system: "System" } as const;

const speakerOf = (
  { role, author_id: id, author_name: name, metadata }: ExportedMessageRow,
  viewerId: string,
): string => {
  if (role !== "user" || id === viewerId) return roles[role];
  const told = name ?? metadata?.["natterAuthor"];
  return typeof told === "string" && told !== "" ? plainLine(told) : "Somebody else";
};

const timeOf = (time: Date): string => time.toISOString().slice(0, 16).replace("T", " ");

async function* rowsOf(
  source: ExportSource,
  conversationId: string,
  ids: readonly string[],
): AsyncGenerator<ExportedMessageRow> {
  const place = { ...placeOf(source, conversationId), viewerId: source.viewerId };
  for (let at = 0; at < ids.length; at += messagesAtOnce) {
    const page = ids.slice(at, at + messagesAtOnce);
    const rows = await listExportedMessages(source.database, place, { ids: page });
    const byId = new Map(rows.map((row) => [row.id, row]));
    for (const id of page) {
      const row = byId.get(id);
      if (row !== undefined) yield row;
    }
  }
}

interface Reading {
  readonly source: ExportSource;
  readonly conversationId: string;
  readonly plan: BranchPlan;
  readonly links: PartLinks;
}

async function* branchText(
  { source, conversationId, plan, links }: Reading,
  ids: readonly string[],
  isShown: boolean,
): AsyncGenerator<string> {
  const heading = isShown ? "##" : "####";
  for await (const row of rowsOf(source, conversationId, ids)) {
    const paragraphs = row.parts.flatMap((part) => partMarkdown(part, links)).filter((text) => text.trim() !== "");
    const said = row.deleted_at === null ? paragraphs : ["_Removed_"];
    if (said.length === 0) continue;
    const versions = isShown ? plan.versionsAt(row.id) : 1;
    const note = versions > 1 ? [`_One of ${versions} versions; the others stand below_`] : [];
    const head = `${heading} ${speakerOf(row, source.viewerId)} (${timeOf(row.created_at)})`;
    yield `${[head, ...note, ...said].join("\n\n")}\n\n`;
  }
}

const firstWords = async (reading: Reading, { insteadOf }: OtherBranch): Promise<string> => {
  if (insteadOf === null) return "Further on";
  for await (const { parts } of rowsOf(reading.source, reading.conversationId, [insteadOf])) {
    const text = parts.map((part) => (part.type === "text" ? part.text : "")).join(" ");
    const words = plainLine(text.trim().slice(0, 60).toWellFormed());
    if (words !== "") return `Instead of “${words}${text.trim().length > 60 ? "…" : ""}”`;
  }
  return "Another version";
};

async function* artifactText(
  { database, workspaceId }: ExportSource,
  artifacts: readonly ExportedArtifactRow[],
  { artifactLink }: MarkdownLinks,
): AsyncGenerator<string> {
  if (artifacts.length > 0) yield "## Artifacts\n\n";
  for (const artifact of artifacts) {
    const { id, title, kind, language, version: newest } = artifact;
    const link = artifactLink(artifact);
    if (link !== null) yield `- ${linkTo(title, link)}, version ${newest}\n`;
    if (link !== null) continue;
    const page = { after: newest - 1, limit: 1 };
    const [version] = await listExportedVersions(database, { workspaceId, id, newest }, page);
    const content = version?.content ?? "";
    const code = kind === "code" ? (language ?? "") : kind;
    yield `### ${plainLine(title)}\n\n${kind === "document" ? content : fenced(content, code)}\n\n`;
  }
}

/** A conversation to read: the branch that is shown, then the others, with tools, files and artifacts. */
export async function* conversationMarkdown(
  source: ExportSource,
  conversation: ExportedConversationRow,
  links: MarkdownLinks,
): AsyncGenerator<string> {
  const place = placeOf(source, conversation.id);
  const artifacts = await listExportedArtifacts(source.database, place);
  const byId = new Map(artifacts.map((artifact) => [artifact.id, artifact]));
  const plan = planBranches(await listExportedNodes(source.database, place), conversation.active_leaf_id);
  const partLinks: PartLinks = {
    file: (id) => links.fileLink(id),
    artifact({ artifactId }) {
      const artifact = byId.get(artifactId);
      return artifact === undefined ? null : links.artifactLink(artifact);
    },
  };
  const reading = { source, conversationId: conversation.id, plan, links: partLinks };
  const model = conversation.model === null ? "" : `, ${plainLine(conversation.model)}`;
  const title = plainLine(conversation.title ?? "Untitled");
  yield `# ${title}\n\n${timeOf(conversation.created_at)}, ${plainLine(conversation.agent)}${model}\n\n`;
  yield* branchText(reading, plan.shown, true);
  if (plan.others.length > 0) yield "## Other versions\n\n";
  for (const other of plan.others) {
    yield `### ${await firstWords(reading, other)}\n\n`;
    yield* branchText(reading, other.ids, false);
  }
  yield* artifactText(source, artifacts, links);
}
