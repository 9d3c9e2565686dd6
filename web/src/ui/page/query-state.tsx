import { messageOf } from "../message-of.ts";
import { PageState } from "./page-state.tsx";

export interface QueryStateProps {
  /** As `useQuery` answers. */
  readonly of: {
    readonly isPending: boolean;
    readonly error: Error | null;
    readonly refetch: () => Promise<unknown>;
  };
}

/** Stands for what a query reads, if that takes its time, or could not be read, be it only the last time. */
export const QueryState = ({ of: { isPending, error, refetch } }: QueryStateProps) => (
  <PageState isPending={isPending} error={error === null ? null : messageOf(error)} onRetry={() => void refetch()} />
);
