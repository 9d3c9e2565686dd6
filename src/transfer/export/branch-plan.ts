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
  const childrenOf = (parent: string | null): string[] => (children.get(parent) ?? []).map(({ id }) => id);
  const taken = new Set<string>();
  const downFrom = (id: string): string[] => {
    const ids: string[] = [];
    for (let at: string | undefined = id; at !== undefined; at = childrenOf(at).at(-1)) ids.push(at);
    return ids;
  };
  const shown: string[] = [];
  for (let at = activeLeafId; at !== null && parentOf.has(at); at = parentOf.get(at) ?? null) shown.push(at);
  shown.reverse();
  for (const id of shown) taken.add(id);
  const others: OtherBranch[] = [];
  const add = (insteadOf: string | null, id: string): void => {
    if (taken.has(id)) return;
    const ids = downFrom(id);
    for (const one of ids) taken.add(one);
    others.push({ insteadOf, ids });
  };
  const leave = (ids: readonly string[]): void => {
    for (const id of ids) for (const sibling of childrenOf(parentOf.get(id) ?? null)) add(id, sibling);
    for (const next of childrenOf(ids.at(-1) ?? null)) add(null, next);
  };
  leave(shown);
  for (let index = 0; index < others.length; index += 1) leave(others[index]?.ids ?? []);
  return { shown, others, versionsAt: (id) => childrenOf(parentOf.get(id) ?? null).length };
};
