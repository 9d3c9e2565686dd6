import type { AdminTimeline } from "natter/client";
import { formatDuration } from "../../thread/answer/format-amounts.ts";
import { classNames } from "../../ui/class-names.ts";
import { consoleTexts } from "../console-texts.ts";
import { Time } from "../time/time.tsx";
import { momentsOf, type Moment } from "./moments.ts";

const dots: Readonly<Record<Moment["look"], string>> = {
  live: "bg-live",
  waiting: "bg-warn",
  bad: "bg-danger",
  plain: "bg-edge",
};

const Entry = ({ entry, start }: { readonly entry: Moment; readonly start: string }) => (
  <li className="relative grid grid-cols-[4.5rem_minmax(0,1fr)] gap-x-4 pb-2.5">
    <span className="text-end text-12 leading-5 text-text-3 tabular-nums">
      +{formatDuration(Date.parse(entry.at) - Date.parse(start))}
    </span>
    <span className="border-s border-line ps-4">
      <span
        aria-hidden
        className={classNames("absolute start-[5.34rem] top-[7px] size-[7px] rounded-full", dots[entry.look])}
      />
      <span className={classNames("block font-[550]", entry.look === "bad" && "text-danger")}>{entry.what}</span>
      <span className="block text-12 text-text-2 tabular-nums">
        {entry.detail !== "" && <>{entry.detail} · </>}
        <span className="text-text-3">
          <Time at={entry.at} />
        </span>
      </span>
    </span>
  </li>
);

/** What happened to a completion, from first to last, and how long after it was asked for. */
export const Timeline = ({ of }: { readonly of: AdminTimeline }) => (
  <section aria-label={consoleTexts.timeline}>
    <h3 className="mb-2 font-semibold">{consoleTexts.timeline}</h3>
    <ol className="text-13">
      {momentsOf(of).map((entry) => (
        <Entry key={entry.key} entry={entry} start={of.createdAt} />
      ))}
    </ol>
  </section>
);
