import type { Workspace, WorkspaceChange } from "natter/client";
import { workspaceTexts } from "./workspace-texts.ts";

/** What a workspace decides, as it stands in a form; empty: as the server has it. */
export interface WorkspaceDraft {
  readonly name: string;
  readonly agent: string;
  readonly model: string;
  /** Null: all. */
  readonly allowed: readonly string[] | null;
  /** Days, or `never`. */
  readonly retention: string;
}

const never = "never";
const offered = ["never", "7", "30", "90", "365"] as const;

export const draftOf = ({
  name,
  defaultAgent,
  defaultModel,
  allowedModels,
  retentionDays,
}: Workspace): WorkspaceDraft => ({
  name,
  agent: defaultAgent ?? "",
  model: defaultModel ?? "",
  allowed: allowedModels,
  retention: retentionDays === null ? never : String(retentionDays),
});

const orNull = (text: string): string | null => (text === "" ? null : text);

export const changeOf = ({ name, agent, model, allowed, retention }: WorkspaceDraft): WorkspaceChange => ({
  name: name.trim(),
  defaultAgent: orNull(agent),
  defaultModel: orNull(model),
  allowedModels: allowed,
  retentionDays: retention === never ? null : Number(retention),
});

/** The usual times, and the one that is set. */
export const retentionOptions = (current: string): readonly { readonly value: string; readonly label: string }[] => [
  ...offered.map((value) => ({ value, label: workspaceTexts.retentions[value] })),
  ...(offered.some((value) => value === current)
    ? []
    : [{ value: current, label: workspaceTexts.retentionOf(current) }]),
];
