import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { ImportStatus } from "natter/client";
import { useNatter } from "../shell/natter-context.ts";
import { formatMoment } from "../ui/format-date.ts";
import { useHiddenImports, useRememberedImports } from "./remembered-imports.ts";
import { transferTexts } from "./transfer-texts.ts";

const mostShown = 20;
const lookEveryMs = 5_000;

/** An import of this person, as it is listed. */
export interface ShownImport {
  readonly id: string;
  /** Its file's, if this device brought it. */
  readonly name: string;
  /** As the list told it last; absent: the list does not hold it. */
  readonly status?: ImportStatus;
}

/** The newest imports of this person in the workspace, from whatever device, and those that this device has brought. */
export const useOwnImports = (): { readonly imports: readonly ShownImport[]; readonly error: Error | null } => {
  const { transfer } = useNatter();
  const remembered = useRememberedImports();
  const hidden = new Set(useHiddenImports());
  const names = new Map(remembered.map(({ id, fileName }) => [id, fileName]));
  const list = useQuery({
    queryKey: ["imports", ...names.keys()],
    queryFn: async () => (await transfer.imports({ limit: mostShown })).data,
    placeholderData: keepPreviousData,
    refetchInterval: lookEveryMs,
  });
  const listed = (list.data ?? []).filter(({ id }) => !hidden.has(id));
  const listedIds = new Set(listed.map(({ id }) => id));
  const others = list.isPending ? [] : remembered.filter(({ id }) => !listedIds.has(id));
  return {
    imports: [
      ...others.map(({ id, fileName }) => ({ id, name: fileName })),
      ...listed.map((status) => {
        const name = names.get(status.id) ?? transferTexts.brought(formatMoment(status.createdAt));
        return { id: status.id, name, status };
      }),
    ],
    error: list.error,
  };
};
