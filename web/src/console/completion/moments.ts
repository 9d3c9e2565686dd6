import type { AdminTimeline } from "natter/client";
import { formatNumber } from "../../ui/format.ts";
import { formatExactCost, formatSpan } from "../time/amounts.ts";

/** Something that happened to a completion. */
export interface Moment {
  readonly key: string;
  readonly at: string;
  readonly what: string;
  readonly detail: string;
  readonly look: "live" | "waiting" | "bad" | "plain";
}

const moment = (
  key: string,
  at: string | null,
  what: string,
  { detail = "", look = "plain" }: Partial<Pick<Moment, "detail" | "look">> = {},
): Moment[] => (at === null ? [] : [{ key, at, what, detail, look }]);

const modelCalls = ({ modelCalls: calls }: AdminTimeline): Moment[] =>
  calls.flatMap((call) => {
    const marks = [call.estimated && "estimated", call.cached && "from the cache"].filter((mark) => mark !== false);
    const spent = `${formatNumber(call.inputTokens)} in, ${formatNumber(call.outputTokens)} out`;
    return moment(`call ${call.step} ${call.claim} ${call.call}`, call.createdAt, `Model call, ${call.model}`, {
      detail: [spent, formatExactCost(call.costMicros), ...marks].join(", "),
    });
  });

const toolRuns = ({ toolRuns: runs }: AdminTimeline): Moment[] =>
  runs.flatMap((run) => [
    ...moment(`tool ${run.id}`, run.createdAt, `Tool ${run.tool}`, { detail: run.kind }),
    ...moment(`tool end ${run.id}`, run.finishedAt, `Tool ${run.tool} ${run.status}`, {
      detail: [run.outcome === run.status ? null : run.outcome, formatSpan(run.createdAt, run.finishedAt)]
        .filter((text) => text !== null)
        .join(", "),
      look: run.status === "failed" ? "bad" : "plain",
    }),
  ]);

const approvals = ({ approvals: asked }: AdminTimeline): Moment[] =>
  asked.flatMap((approval) => [
    ...moment(`ask ${approval.id}`, approval.createdAt, `Asked to allow ${approval.tool}`, { look: "waiting" }),
    ...moment(`decision ${approval.id}`, approval.decidedAt, `Decided: ${approval.decision ?? ""}`, {
      detail: approval.tool,
    }),
  ]);

const endLooks: Readonly<Record<string, Moment["look"]>> = { failed: "bad" };

/** Everything that is known to have happened, in its order. */
export const momentsOf = (of: AdminTimeline): readonly Moment[] =>
  [
    ...moment("queued", of.createdAt, "Queued"),
    ...moment("started", of.startedAt, "Started", { detail: `after ${formatSpan(of.createdAt, of.startedAt)}` }),
    ...modelCalls(of),
    ...toolRuns(of),
    ...of.steps.flatMap((step) =>
      moment(`step ${step.step}`, step.createdAt, `Step ${step.step} done`, {
        detail: `${step.finishReason}, claim ${step.claim}`,
      }),
    ),
    ...approvals(of),
    ...moment("asked", of.cancelRequestedAt, "Cancel asked for"),
    ...moment("finished", of.finishedAt, `Ended: ${of.status}`, {
      detail: of.error?.code ?? of.finishReason ?? "",
      look: endLooks[of.status] ?? "plain",
    }),
  ].toSorted((left, right) => Date.parse(left.at) - Date.parse(right.at));
