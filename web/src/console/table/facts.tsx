import { Fragment, type ReactNode } from "react";

/** Names with what they stand for. */
export const Facts = ({ of }: { readonly of: Readonly<Record<string, ReactNode>> }) => (
  <dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-4 gap-y-1.5 text-13 tabular-nums">
    {Object.entries(of).map(([name, value]) => (
      <Fragment key={name}>
        <dt className="text-text-3">{name}</dt>
        <dd dir="auto" className="break-words">
          {value}
        </dd>
      </Fragment>
    ))}
  </dl>
);
