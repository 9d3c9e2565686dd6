import type { ExportedNodeRow } from "../../store/transfer/export-rows.ts";

/** A branch that is not the one shown, from the message where it leaves another. */
export interface OtherBranch {
  /** The message in whose place it stands; null: it goes on where the shown one stops. */
  readonly insteadOf: string | null;
  readonly ids: readonly string[];
}

/** In which order a tree is read: each message once. */
export interface BranchPlan {
  /** From the root to the active leaf. */
  readonly shown: readonly string[];
  readonly others: readonly OtherBranch[];
  /** How many messages stand at the place of this one, itself among them. */
  versionsAt(id: string): number;
}

/** Plans how a conversation is read by a person: the branch that is shown, then each one that leaves another. */
export const planBranches = (nodes: readonly ExportedNodeRow[], activeLeafId: string | null): BranchPlan => {
  const parentOf = new Map(nodes.map(({ id, parent_id: parent }) => [id, parent]));
  const children = Map.groupBy(nodes, ({ parent_id: parent }) => parent);
  const childrenOf = (parent: string | null): readonly ExportedNodeRow[] => children.get(parent) ?? [];
  const placeOf = (id: string): string | null => parentOf.get(id) ?? null;
  const taken = new Set<string>();
  const left = new Set<string | null>();
  const downFrom = (id: string): string[] => {
    const ids: string[] = [];
    for (let at: string | undefined = id; at !== undefined; at = childrenOf(at).at(-1)?.id) ids.push(at);
    return ids;
  };
  const shown: string[] = [];
  for (let at = activeLeafId; at !== null && parentOf.has(at); at = placeOf(at)) shown.push(at);
  shown.reverse();
  for (const id of shown) taken.add(id);
  const others: OtherBranch[] = [];
  const leaveAt = (parent: string | null, insteadOf: string | null): void => {
    if (left.has(parent)) return;
    left.add(parent);
    for (const { id } of childrenOf(parent)) {
      if (taken.has(id)) continue;
      const ids = downFrom(id);
      for (const one of ids) taken.add(one);
      others.push({ insteadOf, ids });
    }
  };
  const leave = (ids: readonly string[]): void => {
    for (const id of ids) leaveAt(placeOf(id), id);
    leaveAt(ids.at(-1) ?? null, null);
  };
  leave(shown);
  for (let index = 0; index < others.length; index += 1) leave(others[index]?.ids ?? []);
  return { shown, others, versionsAt: (id) => childrenOf(placeOf(id)).length };
};
