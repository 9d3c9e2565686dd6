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

const wholeChangeOf = ({ name, agent, model, allowed, retention }: WorkspaceDraft) => ({
  name: name.trim(),
  defaultAgent: orNull(agent),
  defaultModel: orNull(model),
  allowedModels: allowed,
  retentionDays: retention === never ? null : Number(retention),
});

const isSame = (left: unknown, right: unknown): boolean =>
  Array.isArray(left) && Array.isArray(right)
    ? left.length === right.length && left.every((item) => right.includes(item))
    : left === right;

/**
 * What a draft changes of what was there, or null: so that others' changes stay, and what the server has no more does
 * not keep the rest from being saved.
 */
export const changeOf = (known: Workspace, draft: WorkspaceDraft): WorkspaceChange | null => {
  const before: Readonly<Record<string, unknown>> = { ...known };
  const changed = Object.entries(wholeChangeOf(draft)).filter(([name, value]) => !isSame(before[name], value));
  return changed.length === 0 ? null : Object.fromEntries(changed);
};

interface Option {
  readonly value: string;
  readonly label: string;
}

/** What can be chosen, and what was chosen when it was still there. */
export const withGone = (options: readonly Option[], chosen: readonly string[]): readonly Option[] => {
  const gone = new Set(chosen.filter((id) => id !== "" && !options.some(({ value }) => value === id)));
  return [...options, ...[...gone].map((id) => ({ value: id, label: workspaceTexts.gone(id) }))];
};

/** The usual times, and the one that is set. */
export const retentionOptions = (current: string): readonly Option[] => [
  ...offered.map((value) => ({ value, label: workspaceTexts.retentions[value] })),
  ...(offered.some((value) => value === current)
    ? []
    : [{ value: current, label: workspaceTexts.retentionOf(current) }]),
];
