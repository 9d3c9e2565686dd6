import { gateText } from "../foundation/text-gate.ts";
import { createId } from "../foundation/ids.ts";
import type { Database } from "../ports/database.ts";
import {
  artifactLimits,
  type ArtifactChange,
  type ArtifactOutcome,
  type ArtifactReference,
  type ToolArtifacts,
} from "../protocol/artifact.ts";
import type { ConversationRevision } from "../protocol/hint.ts";
import {
  findArtifact,
  findArtifactVersion,
  findVersionOfCall,
  insertArtifact,
  insertArtifactVersion,
  type ArtifactRow,
} from "../store/conversation/artifact-rows.ts";
import type { RevisionRow } from "../store/conversation/revision.ts";

/** Told of each version that a tool wrote. */
export type ArtifactWritten = (revision: ConversationRevision, artifactId: string) => void;

/** For whom a tool works. */
export interface ArtifactWork {
  readonly workspaceId: string;
  readonly conversationId: string;
  readonly completionId: string;
  readonly userId: string;
}

const referTo = ({
  id,
  version,
  title,
  kind,
}: Pick<ArtifactRow, "id" | "version" | "title" | "kind">): ArtifactReference => ({
  artifactId: id,
  version,
  title,
  kind,
});

const refused = (why: string): ArtifactOutcome => ({ type: "refused", why });

const edited = (content: string, { edits = [] }: ArtifactChange): string | { readonly why: string } => {
  let text = content;
  for (const { find, replaceWith } of edits) {
    const at = text.indexOf(find);
    if (find === "" || at === -1) return { why: `"${find.slice(0, 80)}" is not in the artifact.` };
    if (text.includes(find, at + 1)) return { why: `"${find.slice(0, 80)}" is in the artifact more than once.` };
    text = text.slice(0, at) + replaceWith + text.slice(at + find.length);
  }
  return text.length > artifactLimits.characters ? { why: "The artifact would be too long." } : text;
};

const staleText = (version: number): string =>
  `Version ${version} is the newest: somebody has changed the artifact. Read it, then change that.`;

const findIn = async (
  database: Database,
  { workspaceId, conversationId }: Pick<ArtifactWork, "workspaceId" | "conversationId">,
  id: string,
): Promise<ArtifactRow | undefined> => {
  const row = await findArtifact(database, workspaceId, id);
  return row?.conversation_id === conversationId ? row : undefined;
};

/** The artifacts of one conversation, as its tools see them. */
export const createToolArtifacts = (
  database: Database,
  { workspaceId, conversationId, completionId, userId }: ArtifactWork,
  onWritten: ArtifactWritten,
): ToolArtifacts => {
  const place = { workspaceId, conversationId };
  const told = (row: ArtifactRow & RevisionRow): ArtifactOutcome => {
    onWritten(row.revision, row.id);
    return { type: "written", artifact: referTo(row) };
  };
  const once = async (callId: string, write: () => Promise<ArtifactOutcome>): Promise<ArtifactOutcome> => {
    const before = await findVersionOfCall(database, workspaceId, { completionId, callId });
    return before === undefined ? write() : { type: "written", artifact: referTo(before) };
  };
  const authorOf = (callId: string) => ({ userId, call: { completionId, callId } });
  return {
    create: (draft, callId) =>
      once(callId, async () => {
        const most = artifactLimits.perConversation;
        const texts = { title: gateText(draft.title), content: gateText(draft.content) };
        const made = { ...draft, ...texts, id: createId(), author: authorOf(callId), most };
        const row = await insertArtifact(database, place, made);
        return row === undefined ? refused(`A conversation has at most ${most} artifacts.`) : told(row);
      }),
    update: (change, callId) =>
      once(callId, async () => {
        const row = await findIn(database, place, change.artifactId);
        const newest = row === undefined ? undefined : await findArtifactVersion(database, row);
        if (row === undefined || newest === undefined) return { type: "missing" };
        if (row.version !== change.version) return refused(staleText(row.version));
        if (row.version >= artifactLimits.versions) return refused("The artifact has as many versions as it may.");
        const content = change.content ?? edited(newest.content, change);
        if (typeof content !== "string") return refused(content.why);
        const made = await insertArtifactVersion(database, place, {
          id: row.id,
          title: gateText(change.title ?? newest.title),
          content: gateText(content),
          author: authorOf(callId),
          seen: row.version,
        });
        return made === undefined ? refused(staleText(row.version + 1)) : told(made);
      }),
    async read(artifactId, version) {
      const row = await findIn(database, place, artifactId);
      const found = row === undefined ? undefined : await findArtifactVersion(database, row, version);
      if (row === undefined || found === undefined) return null;
      return { ...referTo({ ...row, version: found.version, title: found.title }), content: found.content };
    },
  };
};
