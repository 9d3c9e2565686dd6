import type { AdminTimeline } from "natter/client";
import { formatNumber } from "../ui/format.ts";
import { formatExactCost, formatSpan, formatTime } from "./amounts.ts";
import { consoleTexts } from "./console-texts.ts";

interface Moment {
  readonly key: string;
  readonly at: string;
  readonly what: string;
  readonly detail: string;
}

const moment = (key: string, at: string | null, what: string, detail = ""): Moment[] =>
  at === null ? [] : [{ key, at, what, detail }];

/** Everything that is known to have happened, in its order. */
const momentsOf = (of: AdminTimeline): Moment[] =>
  [
    ...moment("queued", of.createdAt, "Queued"),
    ...moment("started", of.startedAt, "Started", formatSpan(of.createdAt, of.startedAt)),
    ...of.modelCalls.flatMap((call) =>
      moment(
        `call ${call.step} ${call.claim} ${call.call}`,
        call.createdAt,
        `Model call, ${call.model}`,
        `${formatNumber(call.inputTokens)} in, ${formatNumber(call.outputTokens)} out, ${formatExactCost(call.costMicros)}${call.estimated ? ", estimated" : ""}${call.cached ? ", from the cache" : ""}`,
      ),
    ),
    ...of.steps.flatMap((step) =>
      moment(
        `step ${step.step}`,
        step.createdAt,
        `Step ${step.step} done`,
        `${step.finishReason}, claim ${step.claim}`,
      ),
    ),
    ...of.toolRuns.flatMap((run) => [
      ...moment(`tool ${run.id}`, run.createdAt, `Tool ${run.tool}`, run.kind),
      ...moment(
        `tool end ${run.id}`,
        run.finishedAt,
        `Tool ${run.tool} ${run.status}`,
        `${run.outcome ?? ""} ${formatSpan(run.createdAt, run.finishedAt)}`,
      ),
    ]),
    ...of.approvals.flatMap((approval) => [
      ...moment(`ask ${approval.id}`, approval.createdAt, `Asked to allow ${approval.tool}`),
      ...moment(`decision ${approval.id}`, approval.decidedAt, `Decided: ${approval.decision ?? ""}`, approval.tool),
    ]),
    ...moment("asked", of.cancelRequestedAt, "Cancel asked for"),
    ...moment("finished", of.finishedAt, `Ended: ${of.status}`, of.finishReason ?? ""),
  ].toSorted((left, right) => Date.parse(left.at) - Date.parse(right.at));

/** What happened to a completion, from first to last. */
export const Timeline = ({ of }: { readonly of: AdminTimeline }) => (
  <section aria-label={consoleTexts.timeline}>
    <h3 className="mb-2 font-semibold">{consoleTexts.timeline}</h3>
    <ol className="border-s border-line text-13">
      {momentsOf(of).map(({ key, at, what, detail }) => (
        <li key={key} className="relative mb-2 ps-4">
          <span aria-hidden className="absolute start-[-3px] top-[7px] size-[5px] rounded-full bg-edge" />
          <span className="font-[550]">{what}</span> <span className="text-text-2 tabular-nums">{detail}</span>
          <time dateTime={at} className="block text-12 text-text-3 tabular-nums">
            {formatTime(at)}
          </time>
        </li>
      ))}
    </ol>
  </section>
);
