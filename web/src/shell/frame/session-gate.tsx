import { useQuery } from "@tanstack/react-query";
import { RequestError } from "natter/client";
import { useEffect, type ReactNode } from "react";
import { useSamePerson } from "../../kept/use-same-person.ts";
import { WithAccounts } from "../../sign-in/entry-gate.tsx";
import { Button } from "../../ui/button/button.tsx";
import { useIsLate } from "../../ui/use-is-late.ts";
import { FullPage } from "./full-page.tsx";
import { useNatterParts } from "../natter-context.ts";
import { shellTexts } from "../shell-texts.ts";

const retryMs = 3_000;
const loopbackNames = new Set(["localhost", "127.0.0.1", "[::1]"]);

const isRefused = (error: unknown): boolean => error instanceof RequestError && error.status === 401;

/** Shows what is inside to somebody signed in, and how to sign in to anybody else. */
export const SessionGate = ({ children }: { readonly children: ReactNode }) => {
  const { client, live } = useNatterParts();
  const session = useQuery({
    queryKey: ["me"],
    queryFn: () => client.me(),
    retry: (_attempt, error) => !isRefused(error),
    retryDelay: retryMs,
    staleTime: 60_000,
  });
  const { refetch } = session;
  const isSamePerson = useSamePerson(session.data?.userId);
  useEffect(
    () =>
      live.status.subscribe(() => {
        if (live.status.getSnapshot() === "refused") void refetch();
      }),
    [live, refetch],
  );
  const isLate = useIsLate(session.isPending);
  if (isRefused(session.error)) {
    const text = loopbackNames.has(location.hostname) ? shellTexts.signedOutLoopback : shellTexts.signedOutOther;
    const signedOut = (
      <FullPage title={shellTexts.signedOutTitle} text={text}>
        <Button look="primary" onClick={() => void refetch()}>
          {shellTexts.tryAgain}
        </Button>
      </FullPage>
    );
    return <WithAccounts fallback={signedOut} />;
  }
  if (session.data !== undefined) return isSamePerson ? children : null;
  if (!isLate) return null;
  return (
    <FullPage
      title={shellTexts.appName}
      text={session.failureCount > 0 ? shellTexts.unreachable : `${shellTexts.loading}…`}
    />
  );
};
