import type { AdminCompletion } from "natter/client";
import { formatNumber } from "../../ui/format.ts";
import { consoleTexts } from "../console-texts.ts";
import { StatusMark } from "../status-mark.tsx";
import type { Column } from "../table/data-table.tsx";
import { formatExactCost, formatSpan } from "../time/amounts.ts";
import { Time } from "../time/time.tsx";
import { Who } from "../who.tsx";

/** What a line about a completion tells. */
export const completionColumns: readonly Column<AdminCompletion>[] = [
  { label: "Created", show: ({ createdAt }) => <Time at={createdAt} /> },
  { label: "Status", show: ({ status }) => <StatusMark status={status} /> },
  { label: "User", show: ({ userName, userId }) => <Who id={userId} name={userName} /> },
  { label: "Agent", show: ({ agent }) => agent },
  { label: "Model", show: ({ model }) => model },
  { label: "Took", isNumber: true, show: ({ startedAt, finishedAt }) => formatSpan(startedAt, finishedAt) },
  { label: "Tokens in", isNumber: true, show: ({ inputTokens }) => formatNumber(inputTokens) },
  { label: "Tokens out", isNumber: true, show: ({ outputTokens }) => formatNumber(outputTokens) },
  { label: "Cost", isNumber: true, show: ({ costMicros }) => formatExactCost(costMicros) },
  { label: "Error", show: ({ error }) => error?.code ?? consoleTexts.none },
];
