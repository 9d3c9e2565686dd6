import { useIsLate } from "../../ui/use-is-late.ts";
import { sidebarTexts } from "../sidebar-texts.ts";

const widths = ["w-3/4", "w-1/2", "w-2/3", "w-5/6", "w-3/5"];

/** Stands for the list while it is loaded, if that takes its time. */
export const ListSkeleton = () => {
  const isLate = useIsLate(true);
  if (!isLate) return null;
  return (
    <div role="status" className="mt-5 flex animate-appear flex-col gap-1 px-2.5">
      <span className="sr-only">{sidebarTexts.loading}</span>
      {widths.map((width) => (
        <span key={width} aria-hidden="true" className="flex h-[34px] items-center">
          <span className={`h-2.5 rounded-full bg-hover ${width}`} />
        </span>
      ))}
    </div>
  );
};
