import type { ExportQuery } from "natter/client";
import { basePath } from "../shell/base-path.ts";
import { chosenWorkspace } from "../shell/workspace-choice.ts";

/** Where an export is downloaded; the browser asks for it by itself, without our headers. */
export const exportAddress = ({ conversationId, format = "jsonl" }: ExportQuery): string => {
  const query = new URLSearchParams({ format });
  if (conversationId !== undefined) query.set("conversationId", conversationId);
  if (chosenWorkspace !== undefined) query.set("workspaceId", chosenWorkspace);
  return `${basePath}/v1/export?${query.toString()}`;
};

/** Has the browser download an export. */
export const downloadExport = (query: ExportQuery): void => {
  const link = document.createElement("a");
  link.href = exportAddress(query);
  link.download = "";
  link.click();
};
