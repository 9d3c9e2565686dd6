import type { AdminCompletion } from "natter/client";
import { formatNumber } from "../../ui/format.ts";
import { formatExactCost, formatSpan, formatTime } from "../amounts.ts";
import { consoleTexts } from "../console-texts.ts";
import type { Column } from "../data-table.tsx";
import { StatusMark } from "../status-mark.tsx";

/** What a line about a completion tells. */
export const completionColumns: readonly Column<AdminCompletion>[] = [
  { label: "Created", show: ({ createdAt }) => formatTime(createdAt) },
  { label: "Status", show: ({ status }) => <StatusMark status={status} /> },
  { label: "User", show: ({ userName, userId }) => userName ?? userId },
  { label: "Agent", show: ({ agent }) => agent },
  { label: "Model", show: ({ model }) => model },
  { label: "Took", isNumber: true, show: ({ startedAt, finishedAt }) => formatSpan(startedAt, finishedAt) },
  { label: "Tokens in", isNumber: true, show: ({ inputTokens }) => formatNumber(inputTokens) },
  { label: "Tokens out", isNumber: true, show: ({ outputTokens }) => formatNumber(outputTokens) },
  { label: "Cost", isNumber: true, show: ({ costMicros }) => formatExactCost(costMicros) },
  { label: "Error", show: ({ error }) => error?.code ?? consoleTexts.none },
];
